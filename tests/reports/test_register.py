"""The evidence register: one row for each piece that was there on the day, in what was asked for."""

from __future__ import annotations

import csv
import io
import itertools
import os
import re
import unicodedata
from datetime import date
from pathlib import Path

import msgspec
import pytest

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Decision, Elsewhere, Outcome, Tombstone, Withdrawal, WithdrawnAs
from compliance.domain.terms.moments import Moment
from compliance.domain.terms.vocabulary import Kind, Result
from compliance.reports.parts.answers import envelope
from compliance.reports.parts.documents import render
from compliance.reports.register import REPORT
from compliance.reports.register.view import EvidenceRegister, register
from compliance.store.text.spreadsheets import unguarded

from ..builders.workspaces import begin_workspace
from .programme_ledgers import full
from .test_html import LONG, MARKUP, REVERSED, TEMPLATES, TODAY, Page, nothing, paper
from .test_narrowing import standing

GOLDEN = Path(__file__).parent / "golden"
WRITE = os.environ.get("COMPLIANCE_GOLDEN") == "write"
BY = {"by": "A. Officer", "on": date(2026, 10, 1)}


def kept(said: str = "here") -> Ledger:
    """Something in every state; `said` is put into every text."""
    ledger = full(said)
    retired = Withdrawal(**BY, reason=f"Moved {said}", as_=WithdrawnAs.RETIRED)
    invalid = Withdrawal(**BY, reason=f"Wrong {said}")
    gone = Tombstone(**BY, reason=f"Asked {said}", authority="UK GDPR 17")
    rejected = Decision(
        decision=Outcome.REJECTED, by="A. Reviewer", on=Moment(date(2026, 10, 1)), note=f"Blurred {said}"
    )
    more = (
        msgspec.structs.replace(paper(6, "1.1", 60), withdrawn=retired, owner=f"Porter {said}"),
        msgspec.structs.replace(paper(7, "1.1", 70), withdrawn=invalid),
        msgspec.structs.replace(paper(8, "1.1", 80), erased=gone, scope=("port",)),
        msgspec.structs.replace(paper(9, "1.1", 90), decisions=(rejected,)),
        msgspec.structs.replace(
            paper(0, "2.1", 5, Kind.SCAN), id="E-0000000A", supersedes="E-00000002", result=Result.PASS
        ),
        msgspec.structs.replace(
            paper(0, "1.1", 0), id="E-0000000B", date=None, elsewhere=Elsewhere(location=f"Cabinet {said}")
        ),
        msgspec.structs.replace(paper(0, "1.1", -1), id="E-0000000C", title="Of tomorrow"),
    )
    return msgspec.structs.replace(ledger, evidence=(*ledger.evidence, *more))


def view(*scopes: str, on: date = TODAY) -> EvidenceRegister:
    return register(standing(kept(), *scopes, on=on))


def written(form: str, of: Ledger, top: Path) -> str:
    return render("register", form, standing(of).marked_by_all(), top, TEMPLATES)


@pytest.mark.parametrize(("name", "ledger"), [("register.md", kept), ("register-nothing.md", nothing)])
def test_markdown_to_the_letter(name, ledger, tmp_path: Path):
    """`COMPLIANCE_GOLDEN=write pytest tests/reports/test_register.py` writes them anew; read the difference."""
    text = written("md", ledger(), tmp_path)
    if WRITE:
        (GOLDEN / name).write_text(text, encoding="utf-8")
    assert text == (GOLDEN / name).read_text(encoding="utf-8")


def test_one_piece_is_no_pieces(tmp_path: Path):
    ledger = msgspec.structs.replace(kept(), evidence=kept().evidence[:1])
    assert "\n1 piece, 1 of them live.\n" in written("md", ledger, tmp_path)


def test_each_piece_with_its_standing():
    shown = {row.id[-1]: row.standing for row in view().pieces if row.id != "E-CERT0001"}
    assert shown == {
        "1": "live",
        "2": "superseded by E-0000000A",
        "3": "live",
        "5": "awaiting approval",
        "6": "retired on 2026-10-01",
        "7": "invalid",
        "8": "erased on 2026-10-01",
        "9": "rejected",
        "A": "live",
        "B": "live",
    }
    assert view().live == sum(row.standing == "live" for row in view().pieces)


def test_a_day_before_sees_what_stood_then():
    before = {row.id[-1]: row.standing for row in view(on=date(2026, 9, 30)).pieces}
    assert (before["2"], before["6"], before["8"]) == ("live", "live", "live")
    assert not {"A", "5", "B", "C"} & before.keys()


def test_the_newest_first_and_what_has_no_date_last():
    days = [row.date for row in view().pieces]
    assert days[-1] is None
    assert days[:-1] == sorted(days[:-1], reverse=True)


def test_until_is_the_first_lapse_or_the_printed_end():
    until = {row.id: row.until for row in view().pieces}
    assert until["E-00000001"] == date(2027, 10, 23), "twelve months after its date"
    assert until["E-CERT0001"] == date(2026, 11, 30), "as the certificate says"
    assert until["E-00000003"] is None, "nothing rests on what is stale"


def test_a_scope_sees_its_own():
    assert [row.id for row in view("port").pieces] == ["E-00000008", "E-CERT0001"]


def test_a_piece_kept_elsewhere_says_where():
    assert next(row.location for row in view().pieces if row.id == "E-0000000B") == "Cabinet here"


def test_csv_has_a_line_for_each_piece_and_guards_its_texts():
    hostile = kept('=cmd|"x"!A1')
    assert REPORT.csv
    header, *lines = csv.reader(io.StringIO(REPORT.csv(standing(hostile)), newline=""))
    assert len(lines) == len(register(standing(hostile)).pieces)
    cells = [dict(zip(header, line, strict=True)) for line in lines]
    assert {cell["standing"] for cell in cells} >= {"live", "rejected"}
    hostile = msgspec.structs.replace(hostile.evidence[0], title="=1+1", owner="@sum")
    ledger = msgspec.structs.replace(kept(), evidence=(hostile,))
    (line,) = list(csv.DictReader(io.StringIO(REPORT.csv(standing(ledger)), newline="")))
    assert (line["title"], line["owner"]) == ("'=1+1", "'@sum")
    assert unguarded(line["title"]) == "=1+1"


def test_json_is_the_view():
    plain = envelope(view())
    assert list(plain)[:5] == ["format_version", "organisation", "provenance", "problems", "unread"]
    piece = next(piece for piece in plain["pieces"] if piece["id"] == "E-00000002")
    assert (piece["state"], piece["date"]) == ("superseded", "2025-11-27")


@pytest.mark.parametrize("said", ["here", MARKUP, REVERSED, LONG])
def test_pages_are_sound_and_hostile_text_stays_text(said: str, tmp_path: Path):
    html = written("html", kept(said), tmp_path)
    html.encode()
    assert {one for one in html if unicodedata.category(one) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}} == {"\n"}
    page = Page(html)
    assert page.open == []
    assert {tag for tag, _ in page.elements}.isdisjoint({"script", "img", "link", "iframe"})
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert len(page.all("caption")) == len(page.all("table")) == 1
    assert all(attributes.get("scope") for attributes in page.all("th"))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("said", [MARKUP, "a | b | c", "line\nbreak\r\u2028# heading", "`code` [x](y) **bold** ~~no~~"])
def test_hostile_text_breaks_no_table_of_markdown(said: str, tmp_path: Path):
    texts = [written("md", ledger, tmp_path).splitlines() for ledger in (kept(), kept(said))]
    pipes = [[len(re.findall(r"(?<!\\)\|", line)) for line in lines] for lines in texts]
    assert pipes[0] == pipes[1]


def test_an_own_template_makes_it_anew(tmp_path: Path):
    (tmp_path / "templates").mkdir()
    own = tmp_path / "templates" / "register.md.j2"
    own.write_text('{% for row in report("register").pieces %}{{ row.id }} {% endfor %}')
    assert render("register", "md", standing(kept(), "port"), tmp_path, TEMPLATES) == "E-00000008 E-CERT0001 "


def test_from_the_command_line(tmp_path: Path, today):
    workspace = begin_workspace(tmp_path / "work")
    for form in ("md", "html", "csv", "json"):
        target = tmp_path / f"register.{form}"
        answer = workspace.run("report", "register", "-o", str(target))
        assert (answer.code, answer.out) == (0, f"Written: {target}\n")
    assert "No evidence is on record here." in (tmp_path / "register.md").read_text()
    assert (tmp_path / "register.csv").read_text().count("\n") == 1
