"""`accreditation add` and `event`: cycles are kept, never overwritten, and what people wrote stays."""

from __future__ import annotations

from datetime import date

import pytest

from ..builders.running import Answer
from ..builders.workspaces import Workspace

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


RULES = """\
  term: 3 years
  runs-on: true
  restoration: 6 months
  suspension: 6 months
  anew-needs: stage-2
  unconfirmed: [restoration]
"""


@pytest.fixture
def ruled(workspace: Workspace) -> Workspace:
    """One certificate under a scheme that lets renewals run on, restores what lapsed and limits suspensions."""
    catalogue = workspace.read("standards/acme@1.yaml").replace("  term: 3 years\n", RULES)
    workspace.put({"standards/acme@1.yaml": catalogue})
    run(workspace, "add", "acme", "--issued", "2022-06-15", "--body", "Alder Certification", "--certificate", "FC 1")
    return workspace


def test_a_renewal_in_time_runs_on_and_keeps_the_last_cycle(ruled):
    answer = run(ruled, "renew", "acme", "--on", "2025-05-20", "--certificate", "FC 2", "--note", "No findings")
    (one,) = ruled.ledger.accreditations
    assert answer.out.splitlines()[:2] == [
        f"Recorded: cycle 2 of {one.id}, granted on 2025-05-20",
        "  expires 2028-06-15 (3 years from the old expiry, 2025-06-15, by the scheme)",
    ]
    first, second = one.cycles
    assert (str(first.granted), first.certificate, str(second.runs_from)) == ("2022-06-15", "FC 1", "2025-06-15")
    assert (second.expires, second.certificate, second.note) == (None, "FC 2", "No findings")
    assert second.recorded.by.startswith("A. ")
    assert ruled.git("log", "-1", "--format=%s") == f"accreditation: cycle 2 of {one.id}, granted on 2025-05-20"
    assert ruled.run("check").out == "0 errors, 0 warnings\n"


def test_a_grant_that_is_recorded_as_an_event_runs_on_as_well(ruled):
    run(ruled, "event", "acme", "recertification", "--on", "2025-05-20", "--certificate", "FC 2")
    (one,) = ruled.ledger.accreditations
    assert (str(one.cycles[1].runs_from), one.cycles[1].certificate) == ("2025-06-15", "FC 2")


def test_days_agreed_for_the_new_cycle_outlive_the_old_one(ruled):
    (path,) = [one for one in ruled.git("ls-files").split() if one.startswith("evidence/accreditations/")]
    plans = "planned:\n- {event: recertification, on: 2025-06-10}\n- {event: surveillance, on: 2026-05-12}\n"
    ruled.put({path: ruled.read(path) + plans})
    run(ruled, "renew", "acme", "--on", "2025-05-20")
    assert [str(plan.on) for plan in ruled.ledger.accreditations[0].planned] == ["2026-05-12"]


def test_a_renewal_soon_after_the_expiry_restores(ruled):
    answer = run(ruled, "renew", "acme", "--on", "2025-11-10")
    assert "restored on 2025-11-10\n  expires 2028-06-15 (3 years from the old expiry, 2025-06-15" in answer.out
    shown = run(ruled, "show", "acme").out.splitlines()
    assert shown[2] == "restored on 2025-11-10; runs from 2025-06-15"
    assert "Cycle 2: restored 2025-11-10, its term from 2025-06-15, expires 2028-06-15" in shown


def test_later_it_begins_anew_which_has_to_be_said(ruled):
    before = ruled.head
    refused = ruled.run("accreditation", "renew", "acme", "--on", "2025-12-16")
    assert (refused.code, ruled.head) == (2, before)
    assert "could be restored until 2025-12-15 only (an unconfirmed rule: ask the body)" in refused.err
    assert "which takes at least: Stage 2 audit, say so with --anew" in refused.err
    answer = run(ruled, "renew", "acme", "--on", "2025-12-16", "--anew")
    assert "  expires 2028-12-16 (3 years from 2025-12-16, by the scheme)" in answer.out


def test_a_suspension_shows_by_when_it_must_end(ruled):
    run(ruled, "renew", "acme", "--on", "2025-05-20")
    answer = run(ruled, "event", "acme", "suspended", "--on", "2026-01-10", "--note", "No surveillance")
    said = "suspended since 2026-01-10; is to be restored by 2026-07-10, or it is withdrawn or its scope made smaller"
    assert " ".join(answer.out.split()).count(said) == 1
    shown = run(ruled, "show", "acme").out
    assert "suspended, until 2026-07-10 (" in shown
    assert "  2026-01-10  suspended: No surveillance\n" in shown
    assert max(len(line) for line in (shown + answer.out + run(ruled, "list").out).splitlines()) <= 80
    assert "certificate suspended since 2026-01-10" in ruled.run("renewals", "--within", "12m", columns=140).out
    (listed,) = ruled.run("accreditation", "list", "--json").json["accreditations"]
    assert (listed["state"], listed["since"], listed["until"]) == ("suspended", "2026-01-10", "2026-07-10")
    run(ruled, "event", "acme", "restored", "--on", "2026-01-31")
    assert "certificate suspended" not in ruled.run("renewals", "--within", "12m", columns=140).out
    assert run(ruled, "show", "acme").out.splitlines()[1].startswith("held, until 2028-06-15")


def test_a_transfer_names_who_goes_on_and_the_cycle_goes_on(ruled):
    run(ruled, "event", "acme", "transferred", "--on", "2024-02-01", "--body", "Beech Assurance")
    (one,) = ruled.ledger.accreditations
    assert (one.body, len(one.cycles), one.body_on(date(2024, 2, 1))) == ("Alder Certification", 1, "Beech Assurance")
    assert "body: Beech Assurance\n" in run(ruled, "show", "acme", "--on", "2024-02-01").out
    assert "body: Alder Certification\n" in run(ruled, "show", "acme", "--on", "2024-01-31").out
    assert "  2024-02-01  transferred to Beech Assurance\n" in run(ruled, "show", "acme").out


def test_what_was_withdrawn_wants_nothing_more(ruled):
    answer = run(ruled, "event", "acme", "withdrawn", "--on", "2024-02-01")
    assert answer.out.splitlines()[1:] == ["  withdrawn on 2024-02-01"]
    assert "Due" not in run(ruled, "show", "acme").out
    assert "withdrawn" in run(ruled, "list").out


def test_conditions_are_kept_until_they_are_met(workspace):
    run(workspace, "add", "acme", "--issued", "2025-03-01", "--outcome", "with-conditions")
    assert "with-conditions" in run(workspace, "list").out
    run(workspace, "event", "acme", "conditions-met", "--on", "2025-06-01")
    assert "held, until 2028-03-01" in run(workspace, "show", "acme").out


def test_a_refusal_leaves_everything_as_it_was(ruled):
    before = ruled.head
    for bad in (
        ("restored", "--on", "2024-01-01"),
        ("transferred", "--on", "2024-01-01"),
        ("withdrawn", "--on", "2999-01-01"),
    ):
        assert ruled.run("accreditation", "event", "acme", *bad).code == 2
    assert (ruled.head, ruled.git("status", "--porcelain")) == (before, "")


def test_a_plan_for_another_year_outlives_the_event_of_this_one(workspace):
    text = WRITTEN.replace("recertification, on: 2025-11-20", "surveillance, on: 2027-02-10")
    workspace.put({FILE: text})
    run(workspace, "event", "acme", "surveillance", "--on", "2026-01-28")
    assert [str(plan.on) for plan in workspace.ledger.accreditations[0].planned] == ["2027-02-10"]


def test_an_accreditation_is_found_by_its_id_however_it_is_typed(held):
    for typed in ("A-2ABCDEFG", "2abcdefg", "acme", "acme@1"):
        assert "Cycle 2: granted 2023-03-01" in run(held, "show", typed).out
