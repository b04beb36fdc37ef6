"""The HTML reports: sound in structure, self-contained, harmless whatever the workspace says, readable anywhere."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
import unicodedata
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest

from compliance.domain.due.standing import Standing, stand
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Evidence
from compliance.domain.ledger.settings import ReviewPolicy, Scope, Settings, StandardInUse
from compliance.domain.registers.certificates.accreditation import Accreditation, Cycle
from compliance.domain.registers.statements.statement import Applicability, Statement
from compliance.domain.standards.catalogue import Catalogue, Control
from compliance.domain.standards.expectations import Expectation, MaxAge
from compliance.domain.standards.schemes import EventRole, Holding, Scheme, SchemeEvent
from compliance.domain.terms.durations import Duration
from compliance.domain.terms.references import Reference, StandardName
from compliance.domain.terms.vocabulary import Attribution, Kind
from compliance.problems import Location, Problem, Refused
from compliance.reports.parts.documents import render

TODAY = date(2026, 11, 2)
TEMPLATES = Path(__file__).parents[2] / "templates"
REPORTS = ("gaps", "renewals")
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>]]></svg></style>"
REVERSED = "\u202egnp.exe\u202c\x07\u2066\udc80"
LONG = "W" * 5000


def control(identity: str, title: str) -> Control:
    expected = Expectation(
        id="paper", rule=MaxAge(Duration(12)), kinds=(Kind.POLICY, Kind.REPORT), what="The signed paper"
    )
    return Control(id=identity, title=title, assessable=True, excludable=True, expects=(expected,))


def paper(number: int, identity: str, age: int, kind: Kind = Kind.REPORT, title: str = "Paper") -> Evidence:
    return Evidence(
        id=f"E-0000000{number}",
        path=f"evidence/{number}.pdf",
        title=f"{title} {number}",
        kind=kind,
        date=TODAY - timedelta(days=age),
        controls=(Reference("rules", identity),),
        classification="OFFICIAL",
        recorded=Attribution(by="A. Officer <a.officer@thornmere.example>", on=TODAY),
    )


def ledger(said: str = "here") -> Ledger:
    """Two scopes under one standard, with something of everything; `said` is put into every text of the workspace."""
    scheme = Scheme(
        holding=Holding.CERTIFICATE,
        term=Duration(12),
        events=(
            SchemeEvent(
                id="plan", title=f"Plan {said}", what=f"Write it {said}", before="submission", lead=Duration(2)
            ),
            SchemeEvent(
                id="submission",
                title=f"Submission {said}",
                role=EventRole.SUBMISSION,
                before="expiry",
                lead=Duration(1),
            ),
        ),
    )
    titles = ("Fresh", "Lapsing", "Stale", "Missing", "Unapproved", "Excluded")
    rules = Catalogue(
        id="rules",
        version="1",
        title=f"The rules {said}",
        short=f"Rules {said}",
        publisher="Nobody",
        notice=f"Reconstructed {said}",
        scheme=scheme,
        controls=tuple(control(f"{number}.1", f"{title} {said}") for number, title in enumerate(titles, 1)),
    )
    evidence = (
        paper(1, "1.1", 10, title=f"Paper {said}"),
        paper(2, "2.1", 340),
        paper(3, "3.1", 400),
        paper(5, "5.1", 10, Kind.POLICY),
    )
    excluded = Statement(control="6.1", applies=False, reason=f"Not done here {said}", review=date(2027, 3, 1))
    held = Accreditation(
        id="A-00000001",
        standard=StandardName("rules", "1"),
        scope="town",
        title=f"Licence {said}",
        body=f"Thornmere Board {said}",
        cycles=(Cycle(granted=date(2025, 12, 20), certificate=f"L-1 {said}"),),
    )
    return Ledger(
        commit="4a1c9f02be77d1350f63ab9e8c1f0a2d44e9b871",
        day=date(2026, 10, 30),
        settings=Settings(
            organisation=f"Thornmere {said}",
            scopes=(Scope(id="town"), Scope(id="port", parent="town")),
            standards=(StandardInUse(standard=StandardName("rules", "1")),),
            review=ReviewPolicy(kinds=(Kind.POLICY,)),
        ),
        catalogues=(rules,),
        evidence=tuple(
            msgspec.structs.replace(one, classification=f"OFFICIAL {said}" if said != "here" else "OFFICIAL")
            for one in evidence
        ),
        accreditations=(held,),
        applicability=(
            Applicability(id="V-00000001", standard=StandardName("rules", "1"), scope="town", controls=(excluded,)),
        ),
    )


def standing(of: Ledger, within: int = 12) -> Standing:
    return stand(of, of.settings.scopes, frozenset(), TODAY, TODAY, Duration(within))


def nothing() -> Ledger:
    settings = Settings(organisation="Thornmere", scopes=(Scope(id="town"),))
    return Ledger(commit="b" * 40, day=TODAY, settings=settings)


def all_well() -> Ledger:
    evidence = tuple(paper(number, f"{number}.1", 10) for number in range(1, 7))
    one_scope = msgspec.structs.replace(ledger().settings, scopes=(Scope(id="town"),))
    return msgspec.structs.replace(ledger(), settings=one_scope, evidence=evidence, applicability=(), accreditations=())


def broken(count: int = 7) -> Ledger:
    """A ledger that could not be read whole, with markup in what is said of it."""
    files = [f"evidence/{number}-{MARKUP}.evidence.yaml" for number in range(count)]
    problems = tuple(
        Problem(f"there is no field “{MARKUP}{REVERSED}”", Location(file, 2, 1), f"did you mean {LONG}?")
        for file in files
    )
    return msgspec.structs.replace(ledger(), problems=(Problem(f"no place {MARKUP}"), *problems), unread=tuple(files))


WORKSPACES = {
    "usual": ledger,
    "broken": broken,
    "nothing": nothing,
    "all-well": all_well,
    "markup": lambda: ledger(MARKUP),
    "reversed": lambda: ledger(REVERSED),
    "long": lambda: ledger(LONG),
}
every = pytest.mark.parametrize("name", REPORTS)
each = pytest.mark.parametrize("workspace", WORKSPACES)


def report(name: str, workspace: str, top: Path) -> str:
    return render(name, "html", standing(WORKSPACES[workspace]()), top, TEMPLATES)


class Page(HTMLParser):
    """A page taken apart: its elements with their attributes, its headings, and the text outside its style."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {key: value or "" for key, value in attrs}))
        if tag not in {"meta", "link", "br", "img"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data

    def all(self, *tags: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.elements if tag in tags]


@every
@each
def test_structure(name: str, workspace: str, tmp_path: Path) -> None:
    html = report(name, workspace, tmp_path)
    page = Page(html)
    assert page.open == []
    assert html.lstrip().startswith("<!DOCTYPE html>")
    assert page.all("html") == [{"lang": "en-GB"}]
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    for landmark in ("header", "main", "nav", "footer"):
        assert len(page.all(landmark)) == 1, landmark
    assert len(page.all("caption")) == len(page.all("table"))
    assert all(attributes.get("scope") for attributes in page.all("th"))
    assert all(
        attributes.get("aria-label") or attributes.get("aria-hidden") == "true"
        for attributes in page.all("svg")[1:]
        if "x" not in attributes
    )
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = [attributes["href"] for attributes in page.all("a")]
    assert links[0] == "#main"
    labels = [attributes["aria-labelledby"] for _, attributes in page.elements if "aria-labelledby" in attributes]
    assert {link.removeprefix("#") for link in links} | set(labels) <= set(ids)


@every
@each
def test_nothing_comes_from_elsewhere_and_nothing_runs(name: str, workspace: str, tmp_path: Path) -> None:
    html = report(name, workspace, tmp_path)
    page = Page(html)
    tags = {tag for tag, _ in page.elements}
    assert not tags & {
        "script",
        "link",
        "img",
        "iframe",
        "object",
        "embed",
        "form",
        "base",
        "audio",
        "video",
        "use",
        "image",
    }
    for tag, attributes in page.elements:
        assert not [key for key in attributes if key.startswith("on") or key in {"src", "style", "srcset"}], tag
        assert attributes.get("href", "#").startswith("#")
    policy = next(one["content"] for one in page.all("meta") if one.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert html.index("http-equiv") < html.index("<style>")
    style = html[html.index("<style>") : html.index("</style>")]
    assert "@import" not in style
    assert all(target.startswith("#") for target in re.findall(r"url\(([^)]*)\)", style))


@every
@pytest.mark.parametrize(("workspace", "said"), [("markup", MARKUP), ("reversed", REVERSED)])
def test_hostile_text_stays_text(name: str, workspace: str, said: str, tmp_path: Path) -> None:
    html = report(name, workspace, tmp_path)
    html.encode()
    hidden = {one for one in html if unicodedata.category(one) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}}
    assert hidden == {"\n"}
    page = Page(html)
    assert (said if workspace == "markup" else "\\u202egnp.exe\\u202c\\u0007\\u2066\\x80") in page.text
    assert html.count("<style>") == html.count("</style>") == 1


@every
def test_what_it_rests_on_is_told(name: str, tmp_path: Path) -> None:
    html = report(name, "usual", tmp_path)
    text = Page(html).text
    for said in ("4a1c9f02be77d1350f63ab9e8c1f0a2d44e9b871", "2026-10-30", "rules@1", "town, port", "Reconstructed"):
        assert said in text
    assert text.count("OFFICIAL") == 3, "at the top, at the bottom, and among what it rests on"
    marked = "".join(f"\\{ord(one):06x}" for one in "OFFICIAL")
    assert html.count(f'content: "{marked}"') == 2, "and on every page that is printed"
    assert "marking" not in {one.get("class") for one in Page(report(name, "nothing", tmp_path)).all("p")}


def test_the_gap_report_answers_at_once(tmp_path: Path) -> None:
    text = " ".join(Page(report("gaps", "usual", tmp_path)).text.split())
    # In the port nothing was filed at all; in the town three of the five controls judged are gaps.
    assert "9 gaps, none of them required, in 11 controls" in text
    assert "Next: Licence here: Submission here, due in 18 days, on 20 November 2026" in text
    late = "Overdue: 2 dates, 1 of them evidence that is among the gaps, the oldest since 18 September 2026"
    assert f"{late}: Licence here: Plan here" in text
    assert "Rules here town 40 %" in text
    assert "No gaps in 6 controls" in " ".join(Page(report("gaps", "all-well", tmp_path)).text.split())


def test_each_gap_has_its_reason(tmp_path: Path) -> None:
    html = report("gaps", "usual", tmp_path)
    rows = re.findall(r"<tr>.*?</tr>", html, re.DOTALL)
    stale = " ".join(Page(next(row for row in rows if "<code>3.1</code>" in row)).text.split())
    assert stale.startswith("3.1 stale since 2026-09-29 Stale here #paper dated 2025-09-28; older than 12 months")
    assert "E-00000003" in stale
    assert stale.endswith("Wanted: The signed paper (no older than 12 months)")
    assert "Not done here" in html


def test_renewals_are_told_overdue_first(tmp_path: Path) -> None:
    page = Page(report("renewals", "usual", tmp_path))
    months = [one["id"] for one in page.all("h2") if one["id"].startswith("m-")]
    assert months[0] == "m-overdue"
    assert months[1:] == sorted(months[1:])
    assert "Thornmere Board" in page.text


@every
def test_nothing_to_tell_is_told(name: str, tmp_path: Path) -> None:
    text = Page(report(name, "nothing", tmp_path)).text
    assert "Nothing falls due" in text
    if name == "gaps":
        assert "No standard is judged here" in text


@pytest.mark.parametrize(
    "reach", ["charts.Markup", "charts.outline.__globals__", "charts.msgspec", "charts.timeline.__module__"]
)
def test_a_workspaces_own_template_gets_no_further_than_its_pictures(reach: str, tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "gaps.html.j2").write_text("{{ " + reach + " }}")
    with pytest.raises(Refused, match="cannot be filled in"):
        render("gaps", "html", standing(ledger()), tmp_path, TEMPLATES)


def test_a_council_may_draw_its_own_pictures(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    own = "{% macro shape(word) %}<i>{{ word }}</i>{% endmacro %}{% macro bar(s) %}<b>own bar</b>{% endmacro %}"
    own += "{% macro scale(labels) %}{% endmacro %}{% macro lane(drawn) %}<b>own lane</b>{% endmacro %}"
    (tmp_path / "templates" / "charts.html.j2").write_text(own)
    html = report("gaps", "usual", tmp_path)
    assert html.count("<b>own bar</b>") == 2  # one for each standard, and none that pools them
    assert "<b>own lane</b>" in html
    assert "<i>evidenced</i>" in html


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("dark", [False, True])
def test_contrast(dark: bool) -> None:
    """WCAG 2.2: 4.5 to 1 for text, 3 to 1 for what a picture is understood by."""
    style = (TEMPLATES / "style.css.j2").read_text()
    start = style.index(":root", style.index("color-scheme: dark") if dark else 0)
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", style[start : style.index("}", start)]))
    on_paper = ("ink", "soft", "accent", "good-ink", "soon-ink", "wait-ink", "bad-ink", "out-ink")
    washed = [(f"{one}-ink", f"{one}-wash") for one in ("good", "soon", "wait", "bad", "out")]
    pairs = [
        *((one, "paper", 4.5) for one in on_paper),
        *((one, wash, 4.5) for one, wash in washed),
        ("ink", "raised", 4.5),
    ]
    pairs += [(one, "paper", 3) for one in ("good", "soon", "wait", "bad", "edge")]
    for one, ground, least in pairs:
        light, shade = sorted((luminance(colours[one]), luminance(colours[ground])), reverse=True)
        assert (light + 0.05) / (shade + 0.05) >= least, f"{one} on {ground}"


@pytest.mark.parametrize("width", [320, 360, 800, 1400])
def test_in_a_browser(width: int, tmp_path: Path) -> None:
    """Nothing is wider than the window, and nothing is complained of on the console."""
    chromium = shutil.which("chromium")
    if chromium is None:
        assert not os.environ.get("CI"), "chromium is to be installed where CI runs"
        pytest.skip("there is no chromium here")
    names = [f"{name}-{workspace}" for name in REPORTS for workspace in WORKSPACES]
    for one in names:
        name, _, workspace = one.partition("-")
        (tmp_path / f"{one}.html").write_text(report(name, workspace, tmp_path), encoding="utf-8")
    # The reports let no script run: a page around them measures, in frames as wide as the window that is meant.
    frames = "".join(
        f'<iframe name="{one}" src="{one}.html" width="{width}" height="900" style="border:0"></iframe>'
        for one in names
    )
    measure = """for (const frame of Array.from(frames)) {
        const page = frame.document, root = page.documentElement;
        page.querySelectorAll("details").forEach(fold => fold.open = true);
        out.append(`${frame.name} ${root.scrollWidth} ${root.clientWidth} ${page.styleSheets.length};`);
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
    measured = re.findall(r"([a-z-]+) (\d+) (\d+) (\d+);", done.stdout)
    assert {name for name, *_ in measured} == set(names)
    for name, wide, window, styles in measured:
        assert int(wide) <= int(window) <= width, name
        assert styles == "1", name
