"""What holds for every report that ships, in each of its forms, whatever is in the workspace."""

from __future__ import annotations

import csv
import html
import io
import itertools
import json
import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.assessment.families import families
from compliance.domain.due.agenda import agenda
from compliance.domain.due.standing import Standing
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.planning.planning import plan
from compliance.domain.registers.accreditations import ACCREDITATIONS
from compliance.domain.registers.applicability import APPLICABILITY
from compliance.domain.registers.measures import MEASURES
from compliance.domain.registers.parts.registry import REASON_KINDS, REGISTERS
from compliance.domain.terms.verdicts import Flag, Verdict
from compliance.domain.terms.vocabulary import Attribution
from compliance.problems import Refused
from compliance.reports.gaps import gaps as gap_report
from compliance.reports.parts import charts
from compliance.reports.parts.answers import as_json
from compliance.reports.parts.documents import _for_markdown as _markdown
from compliance.reports.parts.documents import render
from compliance.reports.parts.heading import heading
from compliance.reports.parts.listing import shipped_reports
from compliance.reports.plan import plan as plan_report
from compliance.reports.registers import accreditations, applicability, evidence, scopes
from compliance.reports.renewals import renewals
from compliance.reports.soa.stated import statements_of
from compliance.reports.today import agenda as today_report

from .programme_ledgers import full
from .test_html import LONG, MARKUP, REVERSED, TEMPLATES, TODAY, nothing, paper
from .test_narrowing import OTHER, RULES, standing, two_standards

REPORTS = shipped_reports()
DOCUMENTS = [
    (name, form) for name in REPORTS for form in ("md", "html", "json", "csv") if form != "csv" or REPORTS[name].csv
]
WIDE = "漢字かな交じり文 한국어 ｗｉｄｅ"
FORMULA = "=HYPERLINK(1)"
HOSTILE = [MARKUP, REVERSED, WIDE, LONG, "a | b", "&lt;b&gt; &#60;", "line\nbreak\r\u2028# heading", "`x` [x](y) **b**"]


def document(name: str, form: str, of: Standing, top: Path) -> str:
    """A report as `compliance report` writes it."""
    match form:
        case "json":
            return as_json(REPORTS[name].view(of))
        case "csv":
            as_csv = REPORTS[name].csv
            assert as_csv
            return as_csv(of)
    return render(name, form, of, top, TEMPLATES)


def one_standard() -> Ledger:
    """Nothing but a standard that is in use: no evidence, nothing in a register."""
    empty: dict[str, Any] = {register.plural: () for register in REGISTERS}
    return msgspec.structs.replace(full(), evidence=(), points={}, **empty)


@pytest.mark.parametrize("ledger", [nothing, one_standard, two_standards], ids=lambda ledger: ledger.__name__)
@pytest.mark.parametrize(("name", "form"), DOCUMENTS)
def test_each_form_is_there_whatever_there_is(name, form, ledger, tmp_path: Path):
    try:
        text = document(name, form, standing(ledger()), tmp_path)
    except Refused as refusal:
        assert name == "soa"
        assert not ledger().of(APPLICABILITY)
        assert refusal.problems[0].hint == "begin one: compliance applicability start STANDARD"
        return
    assert text.strip()
    if form == "json":
        assert json.loads(text)["provenance"]["on"] == "2026-11-02"
    if form in {"md", "html"}:
        assert ledger().commit in text


def texts(ledger: Ledger, width: int) -> dict[str, str]:
    """What commands print for a terminal of that width, by the command."""
    of = standing(ledger)
    now = agenda(ledger, of.renewals, TODAY, "A. Officer", lambda *_: True)
    steps = plan(ledger, ledger.settings.scopes, frozenset(), TODAY, None)
    stands = {item.id: of.pieces.of(item, TODAY) for item in ledger.evidence}
    lists = {
        "gaps": gap_report.as_text(of, width),
        "gaps --summary": gap_report.as_summary(of, width),
        "renewals": renewals.as_text(of, width),
        "today": today_report.as_text(of, now, ("Look at this",), width, None),
        "today, cut": today_report.as_text(of, now, (), width, 20),
        "plan": plan_report.as_text(steps, width, None, True),
        "plan, cut": plan_report.as_text(steps, width, 1, False),
        "scope list": scopes.list_as_text(scopes.list_view(ledger, TODAY), width),
        "accreditation list": accreditations.list_as_text(ledger, TODAY, width),
        "applicability list": applicability.list_as_text(ledger.of(APPLICABILITY), width),
        "evidence list": evidence.list_as_text(ledger.evidence, stands, width),
    }
    for accreditation in ledger.of(ACCREDITATIONS):
        lists[f"accreditation show {accreditation.id}"] = accreditations.as_text(ledger, accreditation, TODAY, width)
    for stated in statements_of(of):
        lists[f"applicability show {stated.id}"] = applicability.as_text(stated, width)
    for scope in ledger.settings.scopes:
        shown = scopes.show_view(ledger, standing(ledger, scope.id), scope)
        lists[f"scope show {scope.id}"] = scopes.show_as_text(shown, heading(standing(ledger, scope.id), width), width)
    return lists


def test_every_word_that_a_control_may_stand_under_is_explained(tmp_path: Path):
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    page = document("gaps", "html", standing(full()), tmp_path)
    words = [*Verdict, Flag.EXCLUDED, Flag.NOT_ASKED, *REASON_KINDS]
    assert [word.value for word in (*words, Flag.INHERITED) if f"| {word.value} |" not in readme] == []
    explained = re.findall(r'<dt><span class="badge [a-z]+">.*?([a-z-]+)</span></dt>', page.split('id="words"')[1])
    assert [word.value for word in words if word.value not in explained] == []


ENDED = "port ended on 2026-10-01: judged as it stood then, and its controls are in no total"


def with_an_ended_scope() -> Ledger:
    """Two scopes under two standards, of which one has ended."""
    ledger = two_standards()
    end = date(2026, 10, 1)
    scopes = tuple(
        msgspec.structs.replace(scope, end=end) if scope.id == "port" else scope for scope in ledger.settings.scopes
    )
    return msgspec.structs.replace(ledger, settings=msgspec.structs.replace(ledger.settings, scopes=scopes))


@pytest.mark.parametrize(("name", "form"), [shown for shown in DOCUMENTS if shown[1] != "csv"])
def test_each_document_says_which_scope_is_in_no_total(name, form, tmp_path: Path):
    ledger = with_an_ended_scope()
    text, town, before = (
        document(name, form, of, tmp_path)
        for of in (standing(ledger), standing(ledger, "town"), standing(ledger, on=date(2026, 10, 1)))
    )
    if form == "json":
        assert json.loads(text)["not_in_total"] == [{"scope": "port", "ended": "2026-10-01"}]
        assert json.loads(town)["not_in_total"] == json.loads(before)["not_in_total"] == []
    else:
        assert text.count(ENDED) == 1
        assert ENDED not in town + before


def test_each_text_with_a_total_says_which_scope_is_in_none():
    lists = texts(with_an_ended_scope(), 80)
    saying = {command for command, text in lists.items() if ENDED in re.sub(r"\n  ", " ", text)}
    assert saying == {"gaps", "gaps --summary", "renewals", "scope show port", "today", "today, cut"}
    assert not [command for command, text in lists.items() if "Total" in text and command not in saying]


def test_the_plan_has_nothing_of_a_scope_that_has_ended():
    ledger = with_an_ended_scope()
    steps = plan(ledger, ledger.settings.scopes, frozenset(), TODAY, None)
    gaps = [gap for step in steps.pieces for gap in (*step.closes, *step.likely)]
    assert {gap.scope for gap in (*gaps, *steps.beyond)} == {"town"}


def shares_in(text: str) -> set[int]:
    """Every percentage that a reader sees, in words or as JSON; of HTML neither its style nor where pictures stand."""
    words = re.sub(r"<style>.*?</style>|<[^>]*>", " ", text, flags=re.DOTALL)
    return {int(written or value) for written, value in re.findall(r'(\d+)\s*%|"percent":\s*(\d+)', words)}


def pools(text: str, of: Standing) -> bool:
    """Whether a document has a percentage, or a bar, that is that of no standard and of none of its families."""
    standards = [standard for assessment in of.assessments for standard in assessment.standards]
    parted = (families(of.catalogue(each.standard), each.controls) for each in standards)
    summaries = [*(each.summary for each in standards), *(family.summary for each in parted for family in each)]
    bars = set(re.findall(r'class="bar" role="img" aria-label="([^"]*)"', text))
    own = {summary.percent for summary in summaries}
    return not (shares_in(text) <= own and bars <= {charts.bar(each).label for each in summaries})


def unmeasured() -> Ledger:
    """Two standards in two scopes, each of another percentage; without measures, whose figures may be percentages."""
    return msgspec.structs.replace(two_standards().having(MEASURES, ()), points={})


@pytest.mark.parametrize(("name", "form"), DOCUMENTS)
def test_no_document_pools_the_percentages_of_different_standards(name, form, tmp_path: Path):
    of = standing(unmeasured())
    text = document(name, form, of, tmp_path)
    assert not pools(text, of)
    assert shares_in(text) or name != "gaps" or form == "csv", "they are looked for where they are"


def test_no_text_pools_the_percentages_of_different_standards():
    lists, of = texts(unmeasured(), 80), standing(unmeasured())
    assert [command for command, text in lists.items() if pools(text, of)] == []
    assert shares_in(lists["gaps"])
    assert shares_in(lists["gaps --summary"])


@pytest.mark.parametrize(
    ("form", "pooling"),
    [
        ("md", "{{ 100 * (total.evidenced + total.lapsing + total.due) // total.judged }} %"),
        ("html", "<b>{{ 100 * (total.evidenced + total.lapsing + total.due) // total.judged }} %</b>"),
        ("html", "{% import 'charts.html.j2' as draw with context %}{{ draw.bar(total) }}"),
    ],
)
def test_a_pooled_percentage_would_be_found(form, pooling, tmp_path: Path):
    of = standing(unmeasured())
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / f"gaps.{form}.j2").write_text(pooling, encoding="utf-8")
    assert pools(document("gaps", form, of, tmp_path), of)


def test_a_pooled_percentage_would_be_found_in_the_values(tmp_path: Path):
    of = standing(unmeasured())
    values = json.loads(document("gaps", "json", of, tmp_path))
    together = values["total"]
    fine = together["evidenced"] + together["lapsing"] + together["due"]
    together["percent"] = 100 * fine // (together["controls"] - together["excluded"] - together["not_asked"])
    assert pools(json.dumps(values), of)


def columns(line: str) -> int:
    """How many columns a terminal gives a line."""
    return sum(2 if unicodedata.east_asian_width(letter) in {"F", "W"} else 1 for letter in line)


@pytest.mark.parametrize("width", [60, 80])
@pytest.mark.parametrize("said", HOSTILE, ids=lambda said: ascii(said)[:16])
def test_nothing_is_wider_than_the_terminal_and_nothing_moves_its_cursor(said, width):
    for command, text in texts(full(said), width).items():
        assert {letter for letter in text if unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Zl", "Zp"}} <= {"\n"}
        assert [line for line in text.split("\n") if columns(line) > width] == [], command


@pytest.mark.parametrize("ledger", [nothing, one_standard], ids=lambda ledger: ledger.__name__)
def test_each_text_says_something_where_nothing_is_on_record(ledger):
    for command, text in texts(ledger(), 80).items():
        assert text.strip(), command


def cells(row: str) -> int:
    """How many cells a row of a Markdown table has, and one more."""
    return len(re.findall(r"(?<!\\)\|", row))


@pytest.mark.parametrize("said", HOSTILE, ids=lambda said: ascii(said)[:16])
@pytest.mark.parametrize("name", REPORTS)
def test_markdown_has_the_same_tables_and_headings_whatever_is_said(name, said, tmp_path: Path):
    shapes = []
    for words in ("here", said):
        lines = document(name, "md", standing(full(words)), tmp_path).split("\n")
        assert not re.search(r"(?<!\\)&(?:#\d+|#x[0-9a-f]+|\w+);", "\n".join(lines), re.IGNORECASE)
        for above, below in itertools.pairwise(lines):
            if above.startswith("|") and below.startswith("|"):
                assert cells(above) == cells(below), "a row has a cell for each column"
        shapes.append([(line[0], cells(line)) for line in lines if line.startswith(("|", "#"))])
    assert shapes[0] == shapes[1]


@given(st.text("ab&;#1<\\`*_[]|~é ", max_size=30) | st.sampled_from(["&lt;b&gt;", "&amp;amp;", "&#60;", "R&D; x"]))
def test_a_text_in_markdown_reads_as_it_was_written(text):
    """Backslashes before punctuation are taken away and entities are worked out, as CommonMark says (2.4, 2.5)."""
    rendered = _markdown(text)
    parts = re.split(r"\\([!-/:-@\[-`{-~])", rendered)
    entity = re.compile(r"&[A-Za-z0-9#]+;")
    plain = (entity.sub(lambda match: html.unescape(match[0]), part) for part in parts[::2])
    assert "".join(itertools.chain.from_iterable(itertools.zip_longest(plain, parts[1::2], fillvalue=""))) == text


@pytest.mark.parametrize("name", [name for name, form in DOCUMENTS if form == "csv"])
@pytest.mark.parametrize("said", [FORMULA, "@SUM(1)", "-1", 'line\nbreak,"quoted"'])
def test_no_cell_of_a_table_is_a_formula(name, said, tmp_path: Path):
    ledger = full()
    hostile = tuple(msgspec.structs.replace(item, title=said, owner=said) for item in ledger.evidence)
    catalogues = tuple(
        msgspec.structs.replace(
            catalogue, controls=tuple(msgspec.structs.replace(control, title=said) for control in catalogue.controls)
        )
        for catalogue in ledger.catalogues
    )
    ledger = msgspec.structs.replace(ledger, evidence=hostile, catalogues=catalogues)
    header, *rows = csv.reader(io.StringIO(document(name, "csv", standing(ledger), tmp_path), newline=""))
    assert rows
    assert {len(row) for row in rows} == {len(header)}
    assert [cell for row in rows for cell in row if cell.startswith(("=", "@")) or re.match(r"-\D", cell)] == []


def marked(ledger: Ledger, mark: str, chosen: Callable[[Any], bool]) -> Ledger:
    """The ledger with a word put into the titles of the records and pieces that are chosen."""

    def title(record: Any) -> Any:
        name = "name" if hasattr(record, "name") else "title"
        fields = record.__struct_fields__
        if not chosen(record) or name not in fields:
            return record
        return msgspec.structs.replace(record, **{name: f"{getattr(record, name)} {mark}"})

    for register in REGISTERS:
        ledger = ledger.having(register, (title(record) for record in ledger.of(register)))
    return msgspec.structs.replace(ledger, evidence=tuple(title(item) for item in ledger.evidence))


def of_scope(scope: str) -> Callable[[Any], bool]:
    """Whether a record is one of that scope alone."""
    return lambda record: getattr(record, "scope", None) in {scope, (scope,)}


def reports_with(mark: str, of: Standing, top: Path) -> set[str]:
    """The reports that have a word anywhere in any of their forms."""
    has_statement = bool(of.ledger.of(APPLICABILITY))
    documents = ((name, form) for name, form in DOCUMENTS if name != "soa" or has_statement)
    return {name for name, form in documents if mark in document(name, form, of, top)}


def test_no_report_shows_what_a_scope_that_was_not_asked_for_has(tmp_path: Path):
    ledger = marked(two_standards(), "Hiddenword", of_scope("port"))
    assert reports_with("Hiddenword", standing(ledger, "port"), tmp_path) >= {"programme", "register"}
    assert reports_with("Hiddenword", standing(ledger, "town"), tmp_path) == set()


def test_no_report_shows_evidence_of_a_standard_that_was_not_asked_for(tmp_path: Path):
    ledger = marked(two_standards(), "Hiddenword", lambda record: record.id == "E-00000007")
    assert reports_with("Hiddenword", standing(ledger, standards=(OTHER,)), tmp_path) >= {"register", "renewals"}
    assert reports_with("Hiddenword", standing(ledger, standards=(RULES,)), tmp_path) == set()


def test_no_report_shows_a_piece_of_a_later_day(tmp_path: Path):
    later = msgspec.structs.replace(
        paper(8, "1.1", 0, title="Laterword"),
        date=TODAY + timedelta(days=1),
        recorded=Attribution(by="A. Officer", on=TODAY + timedelta(days=1)),
    )
    ledger = full()
    ledger = msgspec.structs.replace(ledger, evidence=(*ledger.evidence, later))
    assert "register" in reports_with("Laterword", standing(ledger, on=TODAY + timedelta(days=1)), tmp_path)
    assert reports_with("Laterword", standing(ledger), tmp_path) == set()
