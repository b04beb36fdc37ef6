"""`evidence add`: what is guessed, what is filed where, and what is left alone."""

from __future__ import annotations

import hashlib
import json
import os
import pty
import subprocess
from datetime import date
from pathlib import Path

import pytest

from compliance.domain.ledger.records import Evidence
from compliance.domain.terms.vocabulary import Result

from ..builders.running import PROGRAM, Answer
from ..builders.workspaces import CATALOGUE, CONFIGURATION, Workspace, described

SCOPES = CONFIGURATION.replace(
    '[[standards]]\nstandard = "acme@1"\n',
    '[[scopes]]\nid = "payments"\n\n[[standards]]\nstandard = "acme@1"\nscopes = ["payments"]\n',
)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Where files lie that are to be filed."""
    folder = tmp_path / "desk"
    folder.mkdir()
    return folder


def lay(desk: Path, name: str, contents: str = "contents\n") -> str:
    file = desk / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(contents)
    return str(file)


def filed(workspace: Workspace, *args: str, stdin: bytes = b"") -> Answer:
    answer = workspace.run("evidence", "add", *args, stdin=stdin)
    assert answer.code == 0, answer.err
    return answer


def only(workspace: Workspace) -> Evidence:
    (piece,) = workspace.ledger.evidence
    return piece


def written_register(workspace: Workspace) -> str:
    """The register of evidence as a spreadsheet takes it."""
    file = workspace.top / ".git" / "register.csv"
    assert workspace.run("report", "register", "-o", str(file)).code in {0, 1}
    return file.read_text(encoding="utf-8")


def test_title_date_and_kind_are_guessed_and_each_guess_is_said(workspace, desk):
    answer = filed(workspace, lay(desk, "2026-01-31_ASV scan, Q4.txt"), "-c", "acme:A.1", "-r", "pass")
    piece = only(workspace)
    assert (piece.title, str(piece.date), piece.scope) == ("ASV scan, Q4", "2026-01-31", ("corporate",))
    assert piece.kind is not None
    assert piece.kind.value == "scan"
    assert answer.err.splitlines() == [
        "guessed: title “ASV scan, Q4”, from the file's name",
        "guessed: date 2026-01-31, from the file's name",
        "guessed: kind scan, as the controls expect",
    ]
    assert answer.out == f"Recorded {piece.id}  {piece.path}\n"


def test_what_is_said_is_not_guessed(workspace, desk):
    said = ("-t", "Scan", "-d", "2026-01-02", "-k", "report", "--owner", "Head of ICT", "--classification", "OFFICIAL")
    answer = filed(workspace, lay(desk, "2019-01-01.txt"), "-c", "acme:B.1", *said)
    piece = only(workspace)
    assert (piece.title, str(piece.date), piece.owner, piece.classification) == (
        "Scan",
        "2026-01-02",
        "Head of ICT",
        "OFFICIAL",
    )
    assert "guessed" not in answer.err
    assert "serves no expectation of acme:B.1" in answer.err


def test_a_quarter_in_the_name_is_a_period(workspace, desk):
    filed(workspace, lay(desk, "scan 2025-Q4.txt"), "-c", "acme:A.1", "-r", "pass")
    piece = only(workspace)
    assert (str(piece.date), str(piece.period)) == ("2025-12-31", "2025-10-01/2025-12-31")
    assert piece.path.startswith("evidence/2025/12/"), "the month in which the period ends"


def test_the_record_says_all_that_an_auditor_asks(workspace, desk):
    filed(workspace, lay(desk, "p.txt", "policy\n"), "-c", "acme:B.1", "-d", "2026-01-02", "--note", "signed copy")
    piece = only(workspace)
    token = piece.id.removeprefix("E-")
    assert piece.path == f"evidence/2026/01/2026-01-02-p.{token}.txt"
    assert workspace.read(piece.record) == (
        f"id: {piece.id}\ntitle: P\nkind: policy\ndate: 2026-01-02\ncontrols:\n- acme:B.1\nscope: [corporate]\n"
        f"sha256: {hashlib.sha256(b'policy' + bytes([10])).hexdigest()}\nsize: 7\n"
        "recorded: {by: A. Officer <a.officer@example.org>, on: 2026-02-02}\nnote: signed copy\n"
    )
    assert (workspace.top / piece.path).read_bytes() == b"policy\n"
    assert workspace.run("check").out == "0 errors, 0 warnings\n"


def test_the_commit_names_the_evidence_and_its_controls(workspace, desk):
    filed(
        workspace, lay(desk, "p.txt"), "-c", "acme:B.1", "-c", "acme:B.3#contract", "-d", "2026-01-02", "-k", "contract"
    )
    piece = only(workspace)
    assert workspace.git("log", "-1", "--format=%B").strip() == (
        f"evidence: P ({piece.id})\n\nControls: acme:B.1, acme:B.3#contract"
    )
    assert workspace.git("show", "--format=", "--name-status", "HEAD").splitlines() == [
        f"A\t{piece.path}",
        f"A\t{piece.record}",
    ]


def test_a_dry_run_writes_nothing(workspace, desk):
    before = workspace.git("status", "--porcelain", "--ignored"), workspace.head
    answer = workspace.run("evidence", "add", lay(desk, "p.txt"), "-c", "acme:B.1", "-d", "2026-01-02", "--dry-run")
    assert answer.out.startswith("Would file E-")
    assert (workspace.git("status", "--porcelain", "--ignored", "--", ":!.compliance"), workspace.head) == before
    plain = workspace.run(
        "evidence", "add", lay(desk, "p.txt"), "-c", "acme:B.1", "-d", "2026-01-02", "--dry-run", "--json"
    )
    assert [file["filed"] for file in plain.json["files"]] == [False]


def test_a_folder_is_filed_only_when_asked_and_one_commit_a_file(workspace, desk):
    for name in ("2026-01-02 a.txt", "sub/2026-01-03 b.txt", ".hidden/2026-01-04 c.txt", ".2026-01-05.txt"):
        lay(desk, name, name)
    refused = workspace.run("evidence", "add", str(desk), "-c", "acme:B.1")
    assert (refused.code, "--folder" in refused.err) == (2, True)
    before = workspace.head
    filed(workspace, str(desk), "--folder", "-c", "acme:B.1")
    assert [str(item.date) for item in workspace.ledger.evidence] == ["2026-01-02", "2026-01-03"]
    assert workspace.git("rev-list", "--count", f"{before}..HEAD") == "2"


def test_standard_input_needs_a_name(workspace):
    refused = workspace.run("evidence", "add", "-", "-c", "acme:B.1", "-d", "2026-01-02", stdin=b"x")
    assert (refused.code, "--name" in refused.err) == (2, True)
    filed(workspace, "-", "--name", "policy 2026-01-02.csv", "-c", "acme:B.1", stdin=b"a,b\n")
    piece = only(workspace)
    assert (workspace.top / piece.path).read_bytes() == b"a,b\n"
    assert piece.path.endswith(".csv")


def test_the_same_bytes_twice_are_one_file_and_two_records(workspace, desk):
    first = lay(desk, "policy.txt", "the same\n")
    filed(workspace, first, "-c", "acme:B.1", "-d", "2025-01-10")
    answer = filed(workspace, lay(desk, "again.txt", "the same\n"), "-c", "acme:B.1", "-d", "2026-01-10")
    assert "the same bytes are filed already" in answer.err
    older, newer = sorted(workspace.ledger.evidence, key=lambda item: str(item.date))
    assert older.path == newer.path
    assert older.record != newer.record
    assert workspace.git("show", "--format=", "--name-status", "HEAD") == f"A\t{newer.record}"
    assert workspace.run("check").out == "0 errors, 0 warnings\n"


def test_the_same_file_twice_in_one_command(workspace, desk):
    one, two = lay(desk, "a 2026-01-02.txt", "same\n"), lay(desk, "b 2026-01-03.txt", "same\n")
    filed(workspace, one, two, "-c", "acme:B.1")
    assert len({item.path for item in workspace.ledger.evidence}) == 1
    assert len(workspace.ledger.evidence) == 2


def test_bytes_that_are_only_known_from_elsewhere_are_filed(workspace, desk):
    known = hashlib.sha256(b"policy\n").hexdigest()
    record = described("E-7K2M9QXT", kind="policy", sha256=known, elsewhere={"location": "cupboard 3"})
    workspace.put({"evidence/deed.7K2M9QXT.evidence.yaml": record})
    filed(workspace, lay(desk, "p.txt", "policy\n"), "-c", "acme:B.1", "-d", "2026-01-02")
    assert workspace.ledger.problems == ()
    assert len(workspace.ledger.evidence) == 2


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("Ünïcode – “quoted” (final).PDF", "evidence/2026/01/2026-01-02-unicode-quoted-final.{}.pdf"),
        ("a\nb\x1b[2J.txt", "evidence/2026/01/2026-01-02-a-b-2j.{}.txt"),
        ("con.txt", "evidence/2026/01/2026-01-02-con-file.{}.txt"),
        ("отчёт.csv", "evidence/2026/01/2026-01-02-file.{}.csv"),
        ("x" * 200 + ".txt", "evidence/2026/01/2026-01-02-" + "x" * 60 + ".{}.txt"),
        ("no-ending", "evidence/2026/01/2026-01-02-no-ending.{}"),
        ("-rf.sh;reboot", "evidence/2026/01/2026-01-02-rf-sh-reboot.{}"),
    ],
)
def test_a_file_is_kept_under_a_name_that_harms_nobody(workspace, desk, name, path):
    file = lay(desk, Path(name).name)
    filed(workspace, "-c", "acme:B.1", "-d", "2026-01-02", "--", file)
    piece = only(workspace)
    assert piece.path == path.format(piece.id.removeprefix("E-"))
    assert piece.title.isprintable()


def test_work_that_is_staged_or_lying_about_is_not_touched(workspace, desk):
    workspace.put({"notes.txt": "committed\n"})
    workspace.write("notes.txt", "staged\n")
    workspace.git("add", "notes.txt")
    workspace.write("notes.txt", "and changed since\n")
    workspace.write("evidence/stray.txt", "stray\n")
    filed(workspace, lay(desk, "p.txt"), "-c", "acme:B.1", "-d", "2026-01-02")
    assert workspace.git("show", ":notes.txt") == "staged"
    assert workspace.read("notes.txt") == "and changed since\n"
    assert workspace.git("status", "--porcelain").splitlines() == ["MM notes.txt", "?? evidence/stray.txt"]
    assert workspace.git("show", "HEAD:notes.txt") == "committed"


def test_how_long_it_is_kept_follows_from_its_kind(workspace, desk):
    workspace.put({"compliance.toml": CONFIGURATION + '\n[retention]\npolicy = "6 years"\nscan = "13 months"\n'})
    filed(workspace, lay(desk, "p.txt"), "-c", "acme:B.1", "-d", "2024-02-29")
    assert only(workspace).retain_until == date(2030, 2, 28)


def test_the_scope_is_the_one_where_the_standard_is_in_use(workspace, desk):
    workspace.put({"compliance.toml": SCOPES})
    answer = filed(workspace, lay(desk, "p.txt"), "-c", "acme:B.1", "-d", "2026-01-02")
    assert only(workspace).scope == ("payments",)
    assert "guessed: scope payments, where the standard is in use" in answer.err


def test_the_scope_that_is_said_counts(workspace, desk):
    workspace.put({"compliance.toml": SCOPES})
    given = ("--scope", "corporate", "--scope", "payments")
    filed(workspace, lay(desk, "p.txt"), "-c", "acme:B.1", "-d", "2026-01-02", *given)
    assert only(workspace).scope == ("corporate", "payments")


@pytest.mark.parametrize(
    ("root", "folder"), [("records/security", "records/security/2026/01/"), (".", "evidence/2026/01/")]
)
def test_evidence_is_filed_where_it_is_read(workspace, desk, root, folder):
    workspace.put({"compliance.toml": CONFIGURATION + f'\n[evidence]\nroots = ["{root}"]\n'})
    filed(workspace, lay(desk, "p.txt"), "-c", "acme:B.1", "-d", "2026-01-02")
    assert workspace.evidence(workspace.git("diff", "--name-only", "HEAD~1").split()[0]).path.startswith(folder)


def test_a_scan_without_a_result_is_refused(workspace, desk):
    """Nothing says whether it passed."""
    before = workspace.head
    answer = workspace.run("evidence", "add", lay(desk, "s.txt"), "-c", "acme:A.1", "-d", "2026-01-02")
    assert (answer.code, answer.out) == (2, "")
    assert "error: the result of the scan is not given: nothing says whether it passed" in answer.err
    assert "hint: say --result pass, fail or conditional; inconclusive if it could not be run" in answer.err
    assert workspace.head == before


def test_the_result_of_a_scan_is_asked_for_on_a_terminal(workspace, desk):
    leader, follower = pty.openpty()
    child = subprocess.Popen(
        [
            *PROGRAM,
            "-C",
            str(workspace.top),
            "evidence",
            "add",
            lay(desk, "s.txt"),
            "-c",
            "acme:A.1",
            "-d",
            "2026-01-02",
        ],
        stdin=follower,
        stdout=follower,
        stderr=follower,
    )
    os.close(follower)
    seen = b""
    while b"Result of the scan" not in seen:
        seen += os.read(leader, 65536)
    os.write(leader, b"fail\n")
    child.wait(30)
    os.close(leader)
    assert child.returncode == 0
    assert only(workspace).result is Result.FAIL


def test_an_inconclusive_scan_is_filed_and_says_so_wherever_it_is_shown(workspace, desk):
    """In the list, alone, in the register and in the gaps."""
    filed(workspace, lay(desk, "s.txt"), "-c", "acme:A.1", "-d", "2026-01-02", "-r", "inconclusive")
    piece = only(workspace)
    assert "inconclusive" in workspace.run("evidence", "list").out
    assert "result: inconclusive" in workspace.run("evidence", "show", piece.id).out
    assert ",inconclusive," in written_register(workspace)


def test_a_scan_whose_record_gives_no_result_says_so_wherever_it_is_shown(workspace, desk):
    """A record written by hand without a result is inconclusive, not passed."""
    filed(workspace, lay(desk, "s.txt"), "-c", "acme:A.1", "-d", "2026-01-02", "-r", "pass")
    piece = only(workspace)
    text = (workspace.top / piece.record).read_text(encoding="utf-8").replace("result: pass\n", "")
    workspace.put({piece.record: text})
    assert "inconclusive: no result is given" in workspace.run("evidence", "list").out
    assert "result: inconclusive: no result is given" in workspace.run("evidence", "show", piece.id).out
    assert json.loads(workspace.run("evidence", "list", "--json").out)["evidence"][0]["inconclusive"] is True
    register = written_register(workspace)
    assert ",inconclusive," in register
    assert "no result is given" in register


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("-c", "acme:B.1", "-c", "acme:A.9", "-d", "2026-01-02"), "acme@1 has no control A.9"),
        (("-c", "acme:B.1"), "has no date"),
        (("-c", "acme:A.2", "-d", "2026-01-02"), "kind is not given"),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_filed(workspace, desk, args, said):
    before = workspace.git("status", "--porcelain", "--ignored", "--", ":!.compliance"), workspace.head
    answer = workspace.run("evidence", "add", lay(desk, "p.txt"), *args)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err
    assert (workspace.git("status", "--porcelain", "--ignored", "--", ":!.compliance"), workspace.head) == before


def test_one_bad_file_among_many_keeps_all_of_them_out(workspace, desk):
    good, bad = lay(desk, "a.txt"), lay(desk, "b.txt", "")
    answer = workspace.run("evidence", "add", good, bad, "-c", "acme:B.1", "-d", "2026-01-02")
    assert (answer.code, "b.txt: error: is empty" in answer.err) == (2, True)
    assert workspace.ledger.evidence == ()


def test_a_commit_that_cannot_be_made_leaves_no_file_behind(workspace, desk):
    file = lay(desk, "p.txt")
    (workspace.top / ".git" / "MERGE_HEAD").write_text(workspace.head + "\n")
    answer = workspace.run("evidence", "add", file, "-c", "acme:B.1", "-d", "2026-01-02")
    assert (answer.code, "a merge is in progress" in answer.err) == (2, True)
    (workspace.top / ".git" / "MERGE_HEAD").unlink()
    (workspace.top / ".git" / "refs" / "heads" / "main.lock").write_text("")
    answer = workspace.run("evidence", "add", file, "-c", "acme:B.1", "-d", "2026-01-02")
    assert answer.code == 2
    assert sorted(path.name for path in (workspace.top / "evidence").iterdir()) == ["README.md"]


def test_an_interval_that_waits_to_be_set_takes_evidence_all_the_same(workspace, desk):
    workspace.put({"standards/acme@1.yaml": CATALOGUE.replace("every: 3 months, grace: 3 days", "every: unset")})
    filed(workspace, lay(desk, "s.txt"), "-c", "acme:A.1", "-d", "2026-01-02", "-r", "pass")
    assert "an interval that you set" in workspace.run("gaps", "--explain", "acme:A.1").out
