"""`accreditation add` and `event`: cycles are kept, never overwritten, and what people wrote stays."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ..ledger.workspace import Answer, Workspace, begun

FILE = "evidence/accreditations/acme.2ABCDEFG.yaml"
WRITTEN = """\
# Our certificate; the paper is in cupboard 3.
id: A-2ABCDEFG
standard: acme@1
scope: corporate
body: "Fictional Certification Ltd"   # changed in 2024
# every cycle since the first
cycles:
  - granted: 2020-03-01        # after the appeal
    expires: 2023-02-28
    certificate: 'FC 1000'     # the old number
    events:
      # late, with consent
      - {event: surveillance, on: 2021-12-20, outcome: passed}
  - granted: 2023-03-01
    certificate: FC 2000       # the new number
planned:
  - {event: surveillance, on: 2026-02-10}   # agreed by telephone
  - {event: recertification, on: 2025-11-20}
# the end
"""


@pytest.fixture
def workspace(tmp_path: Path, today: date) -> Workspace:
    return begun(tmp_path / "work")


@pytest.fixture
def held(workspace: Workspace) -> Workspace:
    workspace.put({FILE: WRITTEN})
    return workspace


def run(workspace: Workspace, *args: str) -> Answer:
    answer = workspace.run("accreditation", *args)
    assert answer.code == 0, answer.err
    return answer


def test_one_that_is_held(workspace):
    given = (
        "--issued",
        "2025-03-01",
        "--body",
        "Fictional Certification Ltd",
        "--certificate",
        "FC 1",
        "--owner",
        "A. K.",
    )
    answer = run(workspace, "add", "acme", *given, "--planned", "surveillance=2026-02-10", "--detail", "level=gold")
    (one,) = workspace.ledger.accreditations
    assert answer.out.splitlines()[:2] == [
        f"Recorded {one.id}",
        "  expires 2028-03-01 (3 years from 2025-03-01, by the scheme)",
    ]
    assert (str(one.standard), one.scope, one.details, one.cycles[0].expires) == (
        "acme@1",
        "corporate",
        {"level": "gold"},
        None,
    )
    assert workspace.git("log", "-1", "--format=%s") == f"accreditation: Acme corporate ({one.id})"
    assert len(workspace.git("show", "--format=", "--name-only", "HEAD").splitlines()) == 1
    assert workspace.run("check").out == "0 errors, 0 warnings\n"


def test_an_expiry_that_the_certificate_states_wins(workspace):
    answer = run(workspace, "add", "acme@1", "--issued", "2025-03-01", "--expires", "2027-02-28")
    assert "expires 2027-02-28 (as stated)" in answer.out


def test_one_that_is_sought(workspace):
    run(workspace, "add", "acme", "--target", "2026-09-30")
    (one,) = workspace.ledger.accreditations
    assert (one.cycles, str(one.target)) == ((), "2026-09-30")
    assert "sought" in workspace.run("accreditation", "list").out


def test_an_event_is_added_to_its_cycle_and_its_plan_is_done(held):
    run(held, "event", "acme", "surveillance", "--on", "2026-01-28", "--outcome", "passed", "--note", "One observation")
    (one,) = held.ledger.accreditations
    assert [str(cycle.granted) for cycle in one.cycles] == ["2020-03-01", "2023-03-01"]
    assert [(str(event.on), event.outcome) for event in one.cycles[1].events] == [("2026-01-28", "passed")]
    assert [plan.event for plan in one.planned] == ["recertification"]


def test_an_event_belongs_to_the_cycle_of_its_day(held):
    run(held, "event", "A-2ABCDEFG", "surveillance", "--on", "2022-06-01")
    (one,) = held.ledger.accreditations
    assert [str(event.on) for event in one.cycles[0].events] == ["2021-12-20", "2022-06-01"]
    assert one.cycles[1].events == ()


def test_an_event_before_the_first_cycle_stands_by_itself(workspace):
    run(workspace, "add", "acme", "--target", "2026-09-30")
    run(workspace, "event", "acme", "surveillance", "--on", "2026-01-10")
    (one,) = workspace.ledger.accreditations
    assert ([str(event.on) for event in one.events], one.cycles) == (["2026-01-10"], ())


def test_a_grant_opens_a_cycle_and_keeps_the_old_ones(held):
    given = ("--on", "2026-02-01", "--certificate", "FC 3000", "--expires", "2029-01-31")
    run(held, "event", "acme", "recertification", *given)
    (one,) = held.ledger.accreditations
    assert [(str(cycle.granted), cycle.certificate) for cycle in one.cycles] == [
        ("2020-03-01", "FC 1000"),
        ("2023-03-01", "FC 2000"),
        ("2026-02-01", "FC 3000"),
    ]
    assert held.run("check").out == "0 errors, 0 warnings\n"


@pytest.mark.parametrize("event", ["surveillance", "recertification"])
def test_what_people_wrote_stays(held, event):
    run(held, "event", "acme", event, "--on", "2026-01-28")
    text = held.read(FILE)
    plans = {"# agreed by telephone", "# the end"} if event == "recertification" else {"# agreed by telephone"}
    comments = [f"#{line.partition('#')[2]}" for line in WRITTEN.splitlines() if "#" in line]
    assert [comment for comment in comments if comment not in plans and comment not in text] == []
    for written in (
        '"Fictional Certification Ltd"',
        "'FC 1000'",
        "{event: surveillance, on: 2021-12-20, outcome: passed}",
    ):
        assert written in text


def test_an_edit_is_one_commit_of_one_file(held):
    run(held, "event", "acme", "surveillance", "--on", "2026-01-28")
    assert held.git("show", "--format=%s", "--name-status", "HEAD").split("\n\n") == [
        "accreditation: Surveillance audit of A-2ABCDEFG on 2026-01-28",
        f"M\t{FILE}",
    ]


def test_changes_that_somebody_has_not_committed_are_not_lost(held):
    held.write(FILE, WRITTEN + "owner: Head of ICT\n")
    answer = held.run("accreditation", "event", "acme", "surveillance", "--on", "2026-01-28")
    assert (answer.code, "not committed" in answer.err) == (2, True)
    assert held.read(FILE).endswith("owner: Head of ICT\n")


def test_an_accreditation_is_found_by_its_id_however_it_is_typed(held):
    for typed in ("A-2ABCDEFG", "2abcdefg", "acme", "acme@1"):
        assert "Cycle 2: granted 2023-03-01" in run(held, "show", typed).out
