"""Cyber Essentials: two question sets that follow each other, judged as an officer would answer them."""

from __future__ import annotations

import csv
import json
import os
import re
from datetime import date
from pathlib import Path

import pytest

from compliance.domain.registers.accreditations import dues_of_accreditation
from compliance.domain.registers.certificates import cycles
from compliance.domain.registers.certificates.accreditation import Accreditation, Cycle, Planned
from compliance.domain.standards.catalogue import AnswerForm, Condition, walk
from compliance.domain.standards.questions import options, unfit
from compliance.domain.terms.references import StandardName, parse_standard
from compliance.domain.terms.vocabulary import Basis
from compliance.store.catalogues.catalogues import parse_catalogue

from ..builders.workspaces import Workspace, begin_workspace

ROOT = Path(__file__).resolve().parents[2]
FACTS = Path(os.environ.get("COMPLIANCE_FACTS", ROOT.parent / "shared" / "standards")) / "cyber-essentials-3.3.tsv"
DANZELL, WILLOW = "cyber-essentials@3.3", "cyber-essentials@3.2"
DECISIVE = {"A6.4", "A6.5", "A7.16", "A7.17"}
by_facts = pytest.mark.skipif(not FACTS.is_file(), reason=f"the facts of Cyber Essentials are not at {FACTS}")


def catalogue(name):
    parsed = parse_catalogue((ROOT / "standards" / f"{name}.yaml").read_bytes(), f"{name}.yaml")
    assert parsed.problems == ()
    return parsed.value


def questions(name):
    return {node.control.id: node.control for node in walk(catalogue(name)) if node.control.assessable}


def notes():
    """What the facts note of each question."""
    with FACTS.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["id"]: row["note"] for row in rows if row["kind"] == "requirement"}


def test_danzell_has_106_questions_and_the_attestation():
    asked = questions(DANZELL)
    sections = {f"A{number}": sum(id_.startswith(f"A{number}.") for id_ in asked) for number in range(1, 9)}
    assert sections == {"A1": 23, "A2": 18, "A3": 3, "A4": 14, "A5": 10, "A6": 16, "A7": 17, "A8": 5}
    assert set(asked) - {id_ for id_ in asked if id_.startswith("A") and id_ != "ATT"} == {"ATT"}
    assert len(asked) == 107


@pytest.mark.parametrize("name", [DANZELL, WILLOW])
def test_every_question_is_answered_and_only_a4_to_a8_and_the_attestation_are_evidenced(name):
    for id_, control in questions(name).items():
        assert (control.answer is None) == (id_ == "ATT"), id_
        assert bool(control.expects) == (id_ == "ATT" or id_[1] in "45678"), id_
        assert bool(control.related) == bool(control.expects), id_


def test_four_answers_fail_the_whole_assessment_since_danzell():
    assert {
        id_ for id_, control in questions(DANZELL).items() if control.answer and control.answer.decisive
    } == DECISIVE
    assert not [id_ for id_, control in questions(WILLOW).items() if control.answer and control.answer.decisive]
    assert all(questions(DANZELL)[id_].revised for id_ in DECISIVE)


EXPLAINED = {"A4.1.1": "A4.1.2", "A6.4.1": "A6.4.2", "A6.5.1": "A6.5.2", "A7.14": "A7.15"}
"""Questions whose “no” is provided for: the next question asks how the requirement is met all the same."""


@pytest.mark.parametrize("name", [WILLOW, DANZELL])
def test_no_does_not_fail_where_the_next_question_provides_for_it(name):
    asked = questions(name)
    for question, explained in EXPLAINED.items():
        assert not asked[question].answer.wanted
        assert asked[explained].asked_if == Condition(question=question, answer="no")


@pytest.mark.parametrize("name", [WILLOW, DANZELL])
def test_services_without_a_second_factor_do_not_fail_its_use(name):
    for id_ in ("A7.16", "A7.17"):
        assert "the services listed in A7.15, which offer none, do not count" in questions(name)[id_].summary


@by_facts
def test_what_complies_and_what_fails_the_whole_is_as_published():
    for id_, note in notes().items():
        asked = questions(DANZELL)[id_].answer
        stated = None if id_ in EXPLAINED else re.search(r"compliant answer=(\w+)", note)
        assert (asked.wanted if asked else "") == (stated[1].lower() if stated else ""), id_
        assert bool(asked and asked.decisive) == ("AUTO-FAIL" in note), id_


MEANT = {("A8.1", "a"): "anti-malware", ("A8.1", "b"): "allow-list"}
"""The letters under which the question set lists its options, and what they are called here."""


@by_facts
def test_questions_are_asked_after_the_published_answers():
    for id_, note in notes().items():
        stated = re.search(r"asked only if ([A-Z0-9.]+)=(\w+)", note)
        condition = questions(DANZELL)[id_].asked_if
        assert bool(condition) == bool(stated), id_
        if stated:
            word = stated[2].lower().replace("_", "-")
            assert (condition.question, condition.answer) == (stated[1], MEANT.get((stated[1], word), word))


@by_facts
def test_every_question_names_the_one_of_willow_that_it_continues():
    before = questions(WILLOW)
    continued = []
    for id_, note in notes().items():
        was = questions(DANZELL)[id_].was
        stated = re.search(r"Willow v15: (\S+?)(?:;|$| )", note)
        wanted = ("ATT",) if id_ == "ATT" else () if stated[1] == "none" else (stated[1],)
        assert was == wanted, id_
        continued += was
    assert sorted(continued) == sorted(before)
    assert len(set(continued)) == 94


def test_danzell_follows_willow_which_says_what_it_lacks_and_how_long_it_lasts():
    assert catalogue(DANZELL).follows == StandardName("cyber-essentials", "3.2")
    assert catalogue(WILLOW).follows is None
    for words in ("only the questions of Willow that continue", "before 27 April 2026", "until 27 October 2026"):
        assert words in catalogue(WILLOW).notice


def test_a_question_that_did_not_change_has_the_same_words_in_both_sets():
    before, now = questions(WILLOW), questions(DANZELL)
    changed = {id_ for id_, control in now.items() if control.was and before[control.was[0]].summary != control.summary}
    assert changed == {id_ for id_, control in now.items() if control.revised} - DECISIVE


@pytest.mark.parametrize("name", [DANZELL, WILLOW])
def test_options_can_be_told_by_a_person_and_named_in_an_answer(name):
    for control in questions(name).values():
        if control.answer:
            assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", option) for option in options(control.answer)), control.id
            assert all(not unfit(control.answer, option) for option in options(control.answer)), control.id
            assert control.answer.form is not AnswerForm.CHOICE or len(control.answer.options) > 1


def test_firewall_rules_are_reviewed_every_twelve_months_because_the_scheme_says_so():
    (review,) = questions(DANZELL)["A4.6"].expects
    assert (str(review.rule), review.basis) == ("every 12 months", Basis.MANDATED)


def test_a_certificate_lasts_a_year_from_its_issue_and_plus_follows_within_three_months():
    scheme = catalogue(DANZELL).scheme
    held = Accreditation(
        id="A-1", standard=parse_standard(DANZELL), scope="council", cycles=(Cycle(granted=date(2026, 6, 1)),)
    )
    dues = {due.event.id: due.due for due in cycles.dues(scheme, held, date(2026, 6, 2))}
    assert scheme.judged.value == "submission"
    assert dues["plus-audit"] == date(2026, 9, 1)
    assert dues["scope"] < dues["internal-check"] < dues["declaration"] < dues["submission"] < dues["certification"]
    assert date(2027, 5, 31) <= dues["certification"] <= date(2027, 6, 1)


@pytest.mark.parametrize(
    ("on", "planned", "due"),
    [
        (date(2026, 9, 1), (), True),
        (date(2026, 9, 2), (), False),
        (date(2026, 9, 2), (Planned(event="plus-audit", on=date(2026, 8, 20)),), True),
    ],
)
def test_a_plus_audit_that_nobody_agreed_on_is_never_overdue(on, planned, due):
    held = Accreditation(
        id="A-1",
        standard=parse_standard(DANZELL),
        scope="council",
        cycles=(Cycle(granted=date(2026, 6, 1)),),
        planned=planned,
    )
    told = [one.what for one in dues_of_accreditation(held, catalogue(DANZELL), on, frozenset())]
    assert any("Plus audit" in what for what in told) is due
    assert any("Self-assessment submitted" in what for what in told)


SOA = """\
id: S-CE000001
standard: cyber-essentials@3.3
scope: council
controls:
  - {control: A1.1, answer: Nether Example Council}
  - {control: A1.10, answer: "grant, better-security"}
  - {control: A2.1, answer: whole}
  - {control: A6.4, answer: No}
  - {control: A7.16, answer: yes}
  - {control: A7.17, answer: no}
  - {control: A8.1, answer: "anti-malware, allow-list"}
"""
CONFIGURATION = """\
format = 1
organisation = "Nether Example Council"

[[scopes]]
id = "council"

[[standards]]
standard = "cyber-essentials@3.3"
"""


@pytest.fixture(scope="module")
def council(tmp_path_factory) -> Workspace:
    """A council that has begun to answer."""
    made = begin_workspace(tmp_path_factory.mktemp("council") / "work")
    made.remove("standards/acme@1.yaml")
    shipped = (ROOT / "standards" / f"{DANZELL}.yaml").read_text(encoding="utf-8")
    made.put(
        {
            "compliance.toml": CONFIGURATION,
            f"standards/{DANZELL}.yaml": shipped,
            "evidence/applicability/cyber-essentials.CE000001.yaml": SOA,
        }
    )
    return made


def test_decisive_answers_head_the_standard_in_text_and_json(council):
    told = council.run("gaps").out
    assert told.index("Fails the whole assessment: A6.4 High/critical OS") < told.index("Control  Verdict")
    assert "A7.17 MFA applied to cloud users\n" in told
    plain = json.loads(council.run("gaps", "--json").out)["assessments"][0]["standards"][0]
    assert plain["fails_whole_assessment"] == ["A6.4", "A7.17"]
    controls = {one["id"]: one for one in plain["controls"]}
    answer = controls["A6.4"]["expectations"][0]
    assert (answer["id"], answer["verdict"], answer["what"]) == ("answer", "failed", "yes or no; yes complies")
    asked = {id_ for id_, one in controls.items() if one["flag"] != "not-asked"}
    assert {"A1.10.3", "A8.2", "A8.4"} <= asked
    assert asked.isdisjoint({"A1.10.1", "A2.2", "A2.2.1", "A2.5.1"})


def test_decisive_answers_head_the_standard_in_documents(council, tmp_path):
    for form, line in (
        ("md", r"\*\*Fails the whole assessment:\*\* A6\.4 High/critical .*; A7\.17 MFA applied to cloud users\n\n"),
        ("html", r"<b>Fails the whole assessment:</b> <code>A7\.17</code> MFA applied to cloud users"),
    ):
        out = tmp_path / f"gaps.{form}"
        assert council.run("report", "gaps", "-o", str(out)).code == 0
        assert re.search(line, out.read_text(encoding="utf-8"))


def test_an_answer_is_explained(council):
    told = council.run("gaps", "--explain", "cyber-essentials:A7.17").out
    assert "#answer: yes or no; yes complies\n  → failed: answered “no”; only “yes” complies" in told
    plain = json.loads(council.run("gaps", "--explain", "cyber-essentials:A1.1", "--json").out)["explanations"]
    plain = plain[0] if isinstance(plain, list) else plain
    assert plain["answer"] == {"wanted": "in your own words", "verdict": "evidenced", "reason": "answered"}


@pytest.mark.parametrize(
    ("id_", "lines"),
    [
        ("A6.4", ["Answer: yes or no; yes complies", "Any other answer fails the whole assessment."]),
        ("A2.2.1", ["Asked only if A2.1 is “partial”.", "New: not in cyber-essentials@3.2"]),
        ("A2.4", ["Answer: in your own words", "In cyber-essentials@3.2: A2.7"]),
        ("A8.1", ["Answer: one or several of anti-malware, allow-list, none"]),
    ],
)
def test_a_question_shows_what_it_takes(council, id_, lines):
    told = council.run("standards", "show", f"cyber-essentials:{id_}").out.splitlines()
    assert [line for line in told if line in lines] == lines
    assert ("Expects" in told) == (id_[1] in "45678")
