"""`compliance finding dismiss`: what is none wants no evidence, is counted apart, and is back once that has expired."""

from __future__ import annotations

from ..builders.workspaces import Answer, Workspace


def done(answer: Answer) -> Answer:
    assert answer.code == 0, answer.err
    return answer


def a_finding(workspace: Workspace, *more: str) -> str:
    added = workspace.run("finding", "add", "Old TLS", "--type", "high", "--raised", "2026-01-05", *more)
    return done(added).out.split()[1]


def dismissed(workspace: Workspace, finding: str, because: str, *more: str) -> Answer:
    return workspace.run(
        *("finding", "dismiss", finding, "--because", because, "--reason", "A patched build", "--approver", "B. Head"),
        *more,
    )


def state(workspace: Workspace, finding: str, on: str = "2026-02-02") -> str:
    return workspace.run("finding", "show", finding, "--on", on, "--json").json["finding"]["state"]


def test_a_false_positive_is_listed_no_more_and_is_back_after_its_last_day(workspace):
    finding = a_finding(workspace, "--due", "2026-03-01")
    assert done(dismissed(workspace, finding, "false-positive", "--expires", "2026-06-30")).out == (
        f"Recorded {finding}: dismissed as false-positive until 2026-06-30\n"
    )
    assert finding not in workspace.run("finding", "list").out
    assert "dismissed" in workspace.run("finding", "list", "--all").out
    assert [state(workspace, finding, on) for on in ("2026-06-30", "2026-07-01")] == ["dismissed", "overdue"]
    rows = workspace.run("renewals", "--within", "1y", "--json").json["renewals"]
    assert [(row["due"], row["what"]) for row in rows if row["subject"] == finding] == [
        ("2026-06-30", "dismissal ends: Old TLS")
    ]
    assert workspace.run("check").code == 0


def test_a_dismissed_result_of_a_scan_that_comes_again_is_not_recorded_again(workspace, tmp_path):
    table = tmp_path / "scan.csv"
    table.write_text("title,severity,reference,target\nOld TLS,high,CVE-1,web1\n")
    imported = ("finding", "import", str(table), "--scan", "internal")
    finding = next(word for word in done(workspace.run(*imported)).out.split() if word.startswith("F-"))
    done(dismissed(workspace, finding, "false-positive"))
    again = done(workspace.run(*imported))
    assert "Recorded 0 findings\nThere already: 1 row\n" in again.out
    assert len(workspace.ledger.findings) == 1
    table.write_text("title,severity,reference,target\nOther,low,CVE-2,web2\n")
    missing = done(workspace.run(*imported))
    assert finding not in missing.out + missing.err


def test_a_duplicate_names_the_finding_that_stays(workspace):
    stays, goes = a_finding(workspace), a_finding(workspace)
    done(dismissed(workspace, goes, "duplicate", "--of", stays))
    assert (state(workspace, stays), state(workspace, goes)) == ("open", "dismissed")


def test_a_dismissal_may_be_given_anew_once_it_has_expired(workspace):
    finding = a_finding(workspace)
    done(dismissed(workspace, finding, "accepted", "--on", "2026-01-06", "--expires", "2026-01-31"))
    assert state(workspace, finding) == "open"
    done(dismissed(workspace, finding, "accepted", "--expires", "2026-12-31"))
    assert state(workspace, finding) == "dismissed"
    (record,) = workspace.ledger.findings
    assert len(record.dismissed) == 2
