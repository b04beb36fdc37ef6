"""The programme report: what a head of IT carries between audits, from the registers alone."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
import unicodedata
from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.due.standing import Standing, stand
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.settings import StandardInUse
from compliance.domain.registers.exceptions import PermittedException
from compliance.domain.registers.findings import Finding, FindingType
from compliance.domain.registers.measures import Measure
from compliance.domain.registers.parts.promises import Promise
from compliance.domain.registers.parts.remedies import Check, Closure, state_on
from compliance.domain.terms.durations import Duration
from compliance.domain.terms.references import Reference, StandardName
from compliance.reports.parts.documents import render
from compliance.reports.programme.course import HEIGHT, Figure, course
from compliance.reports.programme.programme import Programme, programme
from compliance.reports.programme.promises import slip, stands

from ..builders.workspaces import begin_workspace
from .programme_ledgers import RULES, full
from .test_html import LONG, MARKUP, REVERSED, TEMPLATES, TODAY, Page, nothing
from .test_html import ledger as no_registers

GOLDEN = Path(__file__).parent / "golden"
WRITE = os.environ.get("COMPLIANCE_GOLDEN") == "write"
WORKSPACES = {
    "full": full,
    "no-registers": no_registers,
    "nothing": nothing,
    "markup": lambda: full(MARKUP),
    "reversed": lambda: full(REVERSED),
    "long": lambda: full(LONG),
}
each = pytest.mark.parametrize("workspace", WORKSPACES)
SECTIONS = (
    "accreditations", "audits", "findings", "actions", "checks", "risks", "measures", "deadlines", "events",
    "providers", "statements",
)  # fmt: skip


def standing(of: Ledger, *scopes: str, on: date = TODAY, standards: tuple[StandardName, ...] = ()) -> Standing:
    chosen = tuple(scope for scope in of.settings.scopes if not scopes or scope.id in scopes)
    return stand(of, chosen, frozenset(standards), on, TODAY, Duration(12))


def view(*scopes: str, on: date = TODAY) -> Programme:
    return programme(standing(full(), *scopes, on=on))


def written(form: str, of: Standing, top: Path) -> str:
    return render("programme", form, of, top, TEMPLATES)


def ids(rows: tuple) -> list[str]:
    return [row.id[-1] for row in rows]


@pytest.mark.parametrize(
    ("name", "scopes"), [("programme.md", ()), ("programme-port.md", ("port",)), ("programme-nothing.md", None)]
)
def test_markdown_to_the_letter(name: str, scopes: tuple[str, ...] | None, tmp_path: Path) -> None:
    """`COMPLIANCE_GOLDEN=write pytest tests/reports/test_programme.py` writes them anew; read the difference."""
    text = written("md", standing(nothing()) if scopes is None else standing(full(), *scopes), tmp_path)
    if WRITE:
        (GOLDEN / name).write_text(text, encoding="utf-8")
    assert text == (GOLDEN / name).read_text(encoding="utf-8")


def test_a_register_without_a_section_of_its_own_is_a_table_in_markdown(tmp_path: Path) -> None:
    titles = ("Old tills", "A | pipe")
    permitted = tuple(
        PermittedException(
            id=f"X-0000000{number}",
            title=title,
            reason="No newer ones can be had",
            approver="Head of IT",
            approved=date(2026, 1, 10),
            expires=date(2027, 1, 10 + number),
            measure="A network of their own",
            controls=(Reference("rules", "1.1"),),
        )
        for number, title in enumerate(titles)
    )
    text = written("md", standing(msgspec.structs.replace(full(), exceptions=permitted)), tmp_path)
    assert text.partition("## Exceptions\n\n")[2].splitlines()[:5] == [
        "| Id | State | Ends | Approver | Exception |",
        "| --- | --- | --- | --- | --- |",
        "| X-00000000 | live | 2027-01-10 | Head of IT | Old tills; rules:1.1 |",
        "| X-00000001 | live | 2027-01-11 | Head of IT | A \\| pipe; rules:1.1 |",
        "",
    ]


def test_the_figures_at_the_head() -> None:
    said = [(one.number, one.words, one.note) for one in view().figures]
    assert said == [
        (
            "11",
            "overdue in all",
            "audit 1, step 1, request 1, finding 2, action 1, risk 2, deadline 1, measure 1, evidence 1",
        ),
        ("1", "open major", "of 4 open findings"),
        ("1", "overdue action", "of 2 open actions"),
        ("3", "risks above appetite", "1 accepted"),
        ("1", "measure missing or off target", "1 with figures missing, 1 off target"),
        ("in 18 days", "next audit", "20 November 2026: surveillance: Yearly look here"),
    ]
    assert all(one.is_bad for one in view().figures[:5])


def test_figures_of_registers_that_nobody_keeps_are_no_noughts() -> None:
    said = [(one.number, one.note) for one in programme(standing(nothing())).figures]
    assert said == [
        ("0", "nothing"),
        ("–", "no findings on record here"),
        ("–", "no actions on record here"),
        ("–", "no risks on record here"),
        ("–", "no measures on record here"),
        ("–", "none known by 2 November 2027"),
    ]


def test_accreditations_have_their_state_and_expiry() -> None:
    (held,) = view().accreditations
    assert (held.stands.word, held.until, held.body) == ("held", date(2026, 12, 20), "Thornmere Board here")
    (later,) = view(on=date(2026, 12, 21)).accreditations
    assert (later.stands.word, later.stands.group, later.until) == ("lapsed", "gap", None)


def test_audits_to_come_before_those_held() -> None:
    shown = [(one.id[-1], one.stands.word, one.open_requests, one.findings) for one in view().audits]
    assert shown == [("3", "not recorded as held", 0, 0), ("1", "planned", 2, 0), ("2", "held", 0, 1)]
    assert [(one.number, one.stands.word, str(one.due)) for one in view().requests] == [
        ("1 here", "overdue", "2026-10-20"),
        ("2", "open", "2026-11-19"),
    ]


def test_an_audit_that_is_under_way_is_the_next_one() -> None:
    coming = view(on=date(2026, 11, 21)).figures[-1]
    assert (coming.number, coming.note) == ("under way", "20 November 2026: surveillance: Yearly look here")


def test_findings_the_gravest_first_with_how_far_they_slipped() -> None:
    shown = [(one.id[-1], one.type, one.stands.word, one.slip.days) for one in view().findings]
    assert shown == [
        ("1", "major", "overdue", "30 days later"),
        ("3", "critical", "open", "–"),
        ("5", "minor", "not effective", "–"),
        ("2", "observation", "open", "–"),
    ]
    assert view().findings[0].source == "Own look here"
    assert view().closed_last_year == 1


def test_what_is_closed_waits_for_its_check() -> None:
    (row,) = view().to_be_checked
    assert (row.id, row.what, row.stands.word) == ("F-00000004", "minor finding", "check overdue")
    assert view(on=date(2026, 10, 30)).to_be_checked[0].stands.word == "to be checked"
    assert "F-00000004" in [one.id for one in view(on=date(2026, 7, 31)).findings]


def test_actions_with_what_was_promised_first_and_now() -> None:
    first, second = view().actions
    assert (first.slip.first, first.slip.now) == (date(2026, 8, 1), date(2026, 10, 5))
    assert (first.slip.days, first.slip.times, first.slip.reason) == ("65 days later", "2 times", "here")
    assert first.serves == ("F-00000001", "R-00000001")
    assert (second.slip.now, second.stands.word) == (None, "open")


def test_risks_the_highest_first() -> None:
    rows = view().risks
    shown = [(one.id[-1], one.score, one.stands.word, one.above_appetite) for one in rows]
    assert shown == [
        ("1", "16 high", "above appetite", True),
        ("2", "12 high", "accepted", True),
        ("3", "12 high", "acceptance lapsed", True),
        ("4", "8 medium", "open", False),
        ("6", "not scored", "open", False),
    ]
    assert rows[0].measures == (
        "rules:1.1 Fresh here",
        "T-00000001 Fit locks here, by 2026-10-05",
        "T-00000003 Done already: done",
    )
    assert (rows[0].target, rows[0].review_overdue) == ("4 low", True)
    assert (rows[1].accepted_by, rows[1].accepted_until) == ("Clerk here", date(2026, 12, 31))


def test_measures_of_the_last_twelve_slots() -> None:
    doors, wait = view().measures
    assert [one.word for one in doors.figures] == [
        "met", "met", "missed", "missing", "met", "met", "met", "met", "met", "met", "missed", "missed",
    ]  # fmt: skip
    assert [one.word for one in doors.stands] == ["1 missing", "off target"]
    assert (doors.known, doors.missed, doors.in_a_row, doors.missing) == (11, 3, 2, ("2026-02",))
    assert (doors.latest, doors.target) == ("93 % here in 2026-10", "at least 95 % here")
    assert [one.word for one in wait.figures] == ["awaited"], (
        "a quarter that has ended, whose figure is due in November"
    )
    assert doors.course.label == "2025-11 to 2026-10: from 91 to 99, 3 off target, 1 missing"


def test_a_figure_that_comes_later_is_not_known_yet() -> None:
    doors = view(on=date(2026, 5, 15)).measures[0]
    assert (doors.latest, len(doors.figures)) == ("98 % here in 2026-04", 6)


def test_deadlines_by_the_first_day_that_is_open() -> None:
    first, second = view().deadlines
    assert (first.due, first.stands.word, first.every, first.more) == (
        date(2026, 10, 1), "overdue", "every 3 months", 4,
    )  # fmt: skip
    assert (second.kind, second.begin) == ("end of life", date(2027, 1, 1))


def test_events_of_the_last_year_by_type() -> None:
    starters, leavers = view().events
    assert (starters.title, starters.count, starters.last_title) == ("a starter", 2, "The last here")
    assert (starters.nils, starters.nil) == (1, "2026-07-02 to 2026-09-30")
    assert (leavers.count, leavers.last, leavers.nil) == (0, None, "2026-03-01")


def test_providers_and_until_when_they_are_assured() -> None:
    shown = [(one.id[-1], one.stands.word, one.assured_until) for one in view().providers]
    assert shown == [("2", "no certificate", None), ("1", "no matrix", date(2026, 11, 30))]
    assert view(on=date(2026, 12, 1)).providers[1].stands.word == "lapsed"


def test_statements_and_whether_they_are_what_was_approved() -> None:
    shown = [(one.scope, one.stands.word, one.version, one.excluded) for one in view().statements]
    assert shown == [("port", "changed since", "3 here", 1), ("town", "not approved", "", 1)]


def test_a_scope_narrows_and_what_names_none_touches_all() -> None:
    port = view("port")
    assert ids(port.audits) == ["3", "2"]
    assert ids(port.findings) == ["3", "2"]
    assert (ids(port.actions), ids(port.risks), ids(port.measures)) == (["2"], ["4"], ["2"])
    assert (ids(port.deadlines), ids(port.statements), port.accreditations) == (["2"], ["1"], ())
    assert port.empty == ("accreditations",)
    assert [one.type for one in view("town").events] == ["a-starter"]


def test_a_standard_narrows_where_not_all_were_asked_for() -> None:
    ledger = full()
    other = msgspec.structs.replace(ledger.catalogues[0], id="other")
    settings = msgspec.structs.replace(
        ledger.settings, standards=(*ledger.settings.standards, StandardInUse(standard=StandardName("other", "1")))
    )
    old = Finding(
        id="F-00000009", type=FindingType.MINOR, title="Of a standard no longer used", raised=TODAY,
        controls=(Reference("former", "1"),),
    )  # fmt: skip
    ledger = msgspec.structs.replace(
        ledger, settings=settings, catalogues=(*ledger.catalogues, other), findings=(*ledger.findings, old)
    )
    everything = programme(standing(ledger))
    assert (everything.standards, "9" in ids(everything.findings)) == ((), True)
    rules = programme(standing(ledger, standards=(RULES,)))
    assert (rules.standards, ids(rules.findings)) == (("rules",), ["1", "3", "5", "2"])
    others = programme(standing(ledger, standards=(StandardName("other", "1"),)))
    assert (others.accreditations, ids(others.findings)) == ((), ["3", "5", "2"])


def test_nothing_is_told_before_it_was_known() -> None:
    early = view(on=date(2026, 4, 1))
    assert (early.findings, early.actions) == ((), ())
    assert ("actions" in early.empty, "findings" in early.empty) == (True, False), "one was closed long before"
    assert [one.stands.word for one in early.audits if one.id == "U-00000002"] == ["planned"]
    assert "5" in ids(early.risks), "closed only later"


def test_a_register_that_is_kept_and_has_nothing_open_says_so(tmp_path: Path) -> None:
    ledger = full()
    quiet = msgspec.structs.replace(
        ledger,
        findings=ledger.findings[-1:],
        actions=ledger.actions[-1:],
        risks=ledger.risks[4:5],
        deadlines=ledger.deadlines[-1:],
        audits=ledger.audits[-1:],
    )
    for form in ("md", "html"):
        text = written(form, standing(quiet), tmp_path)
        for said in ("No finding", "No action", "No risk", "No audit is planned", "None falls due by"):
            assert said in text, form
        assert "Nothing on record" not in text


def test_nothing_at_all_is_said_in_a_line(tmp_path: Path) -> None:
    page = Page(written("html", standing(nothing()), tmp_path))
    assert page.all("table") == []
    assert "Nothing on record here: accreditations, audits, findings" in page.text


@given(
    raised=st.dates(date(2026, 1, 1), date(2026, 1, 4)),
    due=st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 9)),
    closed=st.none() | st.dates(date(2026, 1, 4), date(2026, 1, 9)),
    checked=st.none() | st.tuples(st.dates(date(2026, 1, 4), date(2026, 1, 9)), st.booleans()),
)
def test_what_is_open_is_called_what_the_lists_call_it(raised, due, closed, checked) -> None:
    one = Finding(
        id="F-00000001",
        type=FindingType.MINOR,
        title="Dust",
        raised=raised,
        promised=(Promise(due=due),) if due else (),
        closed=Closure(on=closed) if closed else None,
        check=Check(due=date(2026, 1, 9), on=checked[0], effective=checked[1]) if closed and checked else None,
    )
    on = date(2026, 1, 5)
    if one.open_on(on):
        assert stands(one, on).word == state_on(one, on).value
    else:
        assert state_on(one, on).value in {"closed", "to be checked"}


def test_a_promise_may_come_forward_or_stay() -> None:
    day = date(2026, 5, 1)
    sooner = slip((Promise(due=day), Promise(due=date(2026, 4, 30))))
    assert (sooner.days, sooner.times) == ("1 day sooner", "1 time")
    there_and_back = slip((Promise(due=day), Promise(due=date(2026, 6, 1)), Promise(due=day)))
    assert (there_and_back.days, there_and_back.times) == ("same day again", "2 times")


@given(
    st.lists(st.none() | st.decimals(allow_nan=False, allow_infinity=False), max_size=12),
    st.none() | st.decimals(allow_nan=False, allow_infinity=False),
)
def test_every_mark_lies_within_its_picture(values: list[Decimal | None], target: Decimal | None) -> None:
    measure = Measure(id="M-00000001", title="Any", unit="", since=TODAY, target=target)
    figures = [
        Figure(str(number), value, "missing" if value is None else "met" if measure.meets(value) else "missed")
        for number, value in enumerate(values)
    ]
    drawn = course(target, figures, "any")
    assert len(drawn.points) == len(values)
    assert (drawn.goal is not None) == (target is not None)
    assert len(drawn.lines) == sum(None not in pair for pair in itertools.pairwise(values))
    heights = [drawn.goal or 0, *(point.y for point in drawn.points)]
    heights += [y for line in drawn.lines for y in (line.y1, line.y2)]
    assert all(0 <= height <= HEIGHT for height in heights)


def test_a_higher_figure_stands_higher_and_a_miss_has_another_shape() -> None:
    drawn = course(Decimal(5), [Figure("a", Decimal(9), "met"), Figure("b", Decimal(1), "missed")], "any")
    (line,) = drawn.lines
    assert line.y1 < line.y2
    assert [point.shape for point in drawn.points] == ["audit", "expiry"]
    assert drawn.points[1].title == "b: 1 misses the target"


@each
def test_structure(workspace: str, tmp_path: Path) -> None:
    html = written("html", standing(WORKSPACES[workspace]()), tmp_path)
    page = Page(html)
    assert page.open == []
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert (levels[0], levels.count(1)) == (1, 1)
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert len(page.all("caption")) == len(page.all("table")) == len(page.all("thead"))
    assert all(attributes.get("scope") for attributes in page.all("th"))
    assert all(
        attributes.get("aria-label") or attributes.get("aria-hidden") == "true"
        for attributes in page.all("svg")[1:]
        if "x" not in attributes
    )
    known = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(known) == len(set(known))
    links = {attributes["href"].removeprefix("#") for attributes in page.all("a")}
    assert links <= set(known)
    if workspace == "full":
        assert set(SECTIONS) <= set(known)
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "link", "img", "iframe", "form", "base", "use", "image"}
    assert all(not key.startswith("on") and key not in {"src", "style"} for _, found in page.elements for key in found)


def test_a_row_has_a_cell_for_each_column(tmp_path: Path) -> None:
    html = written("html", standing(full()), tmp_path)
    for table in re.findall(r"<table.*?</table>", html, re.DOTALL):
        widths = [len(re.findall(r"<t[hd]\b", row)) for row in re.findall(r"<tr>.*?</tr>", table, re.DOTALL)]
        assert len(set(widths)) == 1, table[:200]


def test_every_badge_has_a_word_and_a_shape(tmp_path: Path) -> None:
    html = written("html", standing(full()), tmp_path)
    badges = re.findall(r'<span class="badge[^"]*">(.*?)</span>', html)
    assert len(badges) > 15
    assert all(re.fullmatch(r"<svg .*</svg>[a-z0-9 ]+", badge) for badge in badges)


@pytest.mark.parametrize(("workspace", "said"), [("markup", MARKUP), ("reversed", REVERSED)])
def test_hostile_text_stays_text(workspace: str, said: str, tmp_path: Path) -> None:
    html = written("html", standing(WORKSPACES[workspace]()), tmp_path)
    html.encode()
    assert {one for one in html if unicodedata.category(one) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}} == {"\n"}
    shown = said if workspace == "markup" else "\\u202egnp.exe\\u202c\\u0007\\u2066\\x80"
    text = Page(html).text
    for before in (
        "Licence", "Yearly look", "Two findings", "The register", "No locks", "Mended", "Fit locks", "Flood",
        "Wet papers", "Doors locked", "Go over it", "All of it", "The last", "Hosting", "Rack", "by Head",
    ):  # fmt: skip
        assert f"{before} {shown}" in text, before
    assert html.count("<style>") == html.count("</style>") == 1


@pytest.mark.parametrize("said", [MARKUP, "a | b | c", "line\nbreak\r\u2028# heading", "`code` [x](y) **bold** ~~no~~"])
def test_hostile_text_breaks_no_table_of_markdown(said: str, tmp_path: Path) -> None:
    plain = written("md", standing(full("here")), tmp_path).splitlines()
    hostile = written("md", standing(full(said)), tmp_path).splitlines()
    pipes = [[len(re.findall(r"(?<!\\)\|", line)) for line in lines] for lines in (plain, hostile)]
    assert pipes[0] == pipes[1]
    bare = re.compile(r"(?<!\\)[`*~\[\]<>]")
    own = [bare.findall(line) for line in plain]
    assert [bare.findall(line) for line in hostile] == own


def test_it_is_the_same_every_time(tmp_path: Path) -> None:
    for form in ("md", "html"):
        assert written(form, standing(full()), tmp_path) == written(form, standing(full()), tmp_path)


def test_from_the_command_line(tmp_path: Path, today: date) -> None:
    workspace = begin_workspace(tmp_path / "work")
    given = ("--consequence", "No bills", "--likelihood", "possible", "--impact", "severe", "--review", "2026-06-30")
    assert workspace.run("risk", "add", "Ransomware", *given).code == 0
    target = tmp_path / "programme.md"
    answer = workspace.run("report", "programme", "--on", "2026-07-01", "-o", str(target))
    assert (answer.code, answer.out) == (0, f"Written: {target}\n")
    text = target.read_text(encoding="utf-8")
    assert "- **1** risk above appetite" in text
    assert "12 high | above appetite" in text
    assert "2026-06-30, overdue" in text
    assert workspace.run("report", "programme", "--at", "2020-01-01", "-o", str(target)).code == 2
    refused = workspace.run("report", "programme", "--for-audit", "U-00000001", "-o", str(target))
    assert "--for-audit does not go with the report programme" in refused.err
    assert "<h1>Accreditation programme</h1>" in workspace_html(workspace, tmp_path / "programme.html")


def workspace_html(workspace, target: Path) -> str:
    assert workspace.run("report", "programme", "--scope", "corporate", "-o", str(target)).code == 0
    return target.read_text(encoding="utf-8")


def test_in_a_browser(tmp_path: Path) -> None:
    """Nothing is wider than the window, at any width and with the longest words, and the console stays silent."""
    chromium = shutil.which("chromium")
    if chromium is None:
        assert not os.environ.get("CI"), "chromium is to be installed where CI runs"
        pytest.skip("there is no chromium here")
    names = {}
    for workspace, width in itertools.product(WORKSPACES, (320, 360, 800, 1100, 1400)):
        names[f"{workspace}-{width}"] = width
        html = written("html", standing(WORKSPACES[workspace]()), tmp_path)
        (tmp_path / f"{workspace}-{width}.html").write_text(html, encoding="utf-8")
    frames = "".join(
        f'<iframe name="{name}" src="{name}.html" width="{width}" height="900" style="border:0"></iframe>'
        for name, width in names.items()
    )
    measure = """for (const frame of Array.from(frames)) {
        const page = frame.document, root = page.documentElement;
        page.querySelectorAll("details").forEach(fold => fold.open = true);
        out.append(`${frame.name} ${root.scrollWidth} ${root.clientWidth};`);
    }"""
    (tmp_path / "around.html").write_text(
        f"<!DOCTYPE html><p id=out></p>{frames}<script>onload = () => {{ {measure} }}</script>"
    )
    done = subprocess.run(
        [
            chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--allow-file-access-from-files", "--enable-logging=stderr", f"--user-data-dir={tmp_path / 'profile'}",
            "--dump-dom", (tmp_path / "around.html").as_uri(),
        ],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert [line for line in done.stderr.splitlines() if ":CONSOLE" in line] == []
    measured = re.findall(r"([a-z-]+-\d+) (\d+) (\d+);", done.stdout)
    assert {name for name, *_ in measured} == set(names)
    for name, wide, window in measured:
        assert int(wide) <= int(window) <= names[name], name
