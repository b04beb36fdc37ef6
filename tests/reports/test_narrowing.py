"""What a report is given: nothing of another scope, another standard or a later day, whoever writes its template."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest

from compliance.domain.due.standing import Standing, stand
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.settings import StandardInUse
from compliance.domain.registers.exceptions import EXCEPTIONS, PermittedException
from compliance.domain.registers.parts.registry import REGISTERS
from compliance.domain.registers.statements.statement import Inheritance, Statement
from compliance.domain.terms.durations import Duration
from compliance.domain.terms.references import Reference, StandardName
from compliance.domain.terms.vocabulary import Attribution
from compliance.problems import Refused
from compliance.reports.parts.documents import render

from .programme_ledgers import full
from .test_html import TEMPLATES, TODAY, paper

OTHER = StandardName("other", "1")
RULES = StandardName("rules", "1")


def two_standards() -> Ledger:
    ledger = full()
    other = msgspec.structs.replace(ledger.catalogues[0], id="other")
    settings = msgspec.structs.replace(
        ledger.settings, standards=(*ledger.settings.standards, StandardInUse(standard=OTHER))
    )
    elsewhere = msgspec.structs.replace(paper(7, "1.1", 20), controls=(Reference("other", "1.1"),), scope=("port",))
    return msgspec.structs.replace(
        ledger, settings=settings, catalogues=(*ledger.catalogues, other), evidence=(*ledger.evidence, elsewhere)
    )


def standing(ledger: Ledger, *scopes: str, on: date = TODAY, standards: tuple[StandardName, ...] = ()) -> Standing:
    chosen = tuple(scope for scope in ledger.settings.scopes if not scopes or scope.id in scopes)
    return stand(ledger, chosen, frozenset(standards), on, TODAY, Duration(12))


def pieces(ledger: Ledger, *scopes: str, on: date = TODAY, standards: tuple[StandardName, ...] = ()) -> list[str]:
    return [item.id for item in standing(ledger, *scopes, on=on, standards=standards).ledger.evidence]


def test_all_that_was_there_on_the_day_is_shown_where_nothing_is_narrowed():
    ledger = two_standards()
    shown = standing(ledger).ledger
    assert shown.evidence == ledger.evidence
    later = {"findings": ["F-00000006"], "events": ["V-00000005"]}
    for register in REGISTERS:
        kept = [record.id for record in shown.of(register)]
        missing = [record.id for record in ledger.of(register) if record.id not in kept]
        assert missing == later.get(register.plural, []), register.plural


@pytest.mark.parametrize(
    "register", [register for register in REGISTERS if register.first_day], ids=lambda register: register.plural
)
def test_no_record_is_shown_before_its_first_day(register):
    ledger = full()
    for record in ledger.of(register):
        first_day = register.first_day(record)
        for day, is_there in ((first_day - timedelta(days=1), False), (first_day, True)):
            shown = standing(ledger, on=day).ledger.of(register)
            assert (record.id in {other.id for other in shown}) is is_there, (record.id, day)


def test_an_exception_is_there_from_the_day_on_which_it_is_permitted():
    permitted = PermittedException(
        id="X-00000001",
        title="Old printers",
        reason="No newer ones can be had",
        approver="Head of IT",
        approved=TODAY,
        expires=TODAY + timedelta(days=90),
        measure="A network of their own",
    )
    ledger = msgspec.structs.replace(full(), exceptions=(permitted,))
    assert standing(ledger).ledger.of(EXCEPTIONS) == (permitted,)
    assert standing(ledger, on=TODAY - timedelta(days=1)).ledger.of(EXCEPTIONS) == ()


def test_a_scope_sees_its_own_evidence_alone():
    # Papers 1 to 5 name no scope and so are the first scope's; what providers rest on is the whole organisation's.
    assert pieces(two_standards(), "port") == ["E-CERT0001", "E-00000007"]
    assert "E-00000007" not in pieces(two_standards(), "town")


def test_evidence_that_a_verdict_rests_on_stays_whatever_scope_it_is_filed_for():
    ledger = two_standards()
    inherits = Statement(control="1.1", inherits=Inheritance(scope="town"))
    port = msgspec.structs.replace(
        ledger.applicability[-1], id="S-00000009", scope="port", controls=(inherits,), approved=None
    )
    ledger = msgspec.structs.replace(ledger, applicability=(ledger.applicability[0], port))
    assert pieces(ledger, "port", standards=(RULES,)) == ["E-00000001", "E-CERT0001"]


def test_a_standard_sees_no_evidence_of_another():
    assert "E-00000007" not in pieces(two_standards(), standards=(RULES,))
    assert pieces(two_standards(), standards=(OTHER,)) == ["E-CERT0001", "E-00000007"]


def test_a_day_sees_nothing_later():
    ledger = two_standards()
    assert pieces(ledger, on=TODAY - timedelta(days=15)) == ["E-00000002", "E-00000003", "E-CERT0001", "E-00000007"]
    undated = msgspec.structs.replace(
        paper(8, "1.1", 0), date=None, recorded=Attribution(by="A. Officer", on=date(2026, 6, 1))
    )
    ledger = msgspec.structs.replace(ledger, evidence=(undated,))
    assert pieces(ledger, on=date(2026, 5, 31)) == []
    assert pieces(ledger, on=date(2026, 6, 1)) == ["E-00000008"], "by the day it was recorded"


def test_registers_are_narrowed_by_scope_standard_and_day():
    ledger = two_standards()
    port = standing(ledger, "port").ledger
    assert [finding.id for finding in port.findings] == ["F-00000002", "F-00000003", "F-00000007"]
    assert ([risk.id for risk in port.risks], port.accreditations) == (["R-00000004"], ())
    assert [statement.scope for statement in port.applicability] == ["port"]
    other = standing(ledger, standards=(OTHER,)).ledger
    assert "F-00000001" not in {finding.id for finding in other.findings}, "it names a control of the rules"
    assert "F-00000002" in {finding.id for finding in other.findings}, "it names no standard: it touches all"
    early = standing(ledger, on=date(2026, 4, 30)).ledger
    assert [finding.id for finding in early.findings] == ["F-00000007"]
    assert [measure.id for measure in early.measures] == ["M-00000001"]
    assert max(point.slot.end for point in early.points["M-00000001"]) == date(2026, 4, 30)
    assert sorted(early.points) == ["M-00000001"]


def test_standards_that_are_all_that_is_in_use_narrow_nothing():
    assert standing(two_standards(), standards=(RULES, OTHER)).selection.standards == frozenset()
    assert standing(two_standards(), standards=(OTHER,)).selection.standards == {"other"}


def test_problems_and_settings_stay_whole():
    ledger = two_standards()
    port = standing(ledger, "port")
    assert (port.settings, port.ledger.catalogues) == (ledger.settings, ledger.catalogues)


def test_an_own_template_is_given_no_more(tmp_path: Path):
    (tmp_path / "templates").mkdir()
    own = tmp_path / "templates" / "gaps.md.j2"
    own.write_text("{% for item in standing.ledger.evidence %}{{ item.id }} {% endfor %}{{ accreditations | length }}")
    assert render("gaps", "md", standing(two_standards(), "port"), tmp_path, TEMPLATES) == "E-CERT0001 E-00000007 0"
    own.write_text("{{ standing._ledger.evidence | length }}")
    with pytest.raises(Refused, match="cannot be filled in: “_ledger” is out of"):
        render("gaps", "md", standing(two_standards(), "port"), tmp_path, TEMPLATES)


@pytest.mark.parametrize(
    "expression", ["standing", "[standing]", "standing | pprint", "[standing] | groupby('_ledger')"]
)
def test_a_standing_put_into_text_shows_no_more(expression: str, tmp_path: Path):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "gaps.html.j2").write_text(f"{{{{ {expression} }}}}")
    text = render("gaps", "html", standing(two_standards(), "port"), tmp_path, TEMPLATES)
    assert "Standing" in text
    assert "E-00000001" not in text, "evidence of another scope"
