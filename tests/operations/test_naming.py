"""Where a new file is kept, and what it is called there."""

from __future__ import annotations

import datetime as dt

import pytest

from compliance.domain.ledger.records import Record
from compliance.domain.terms.periods import Period
from compliance.domain.terms.vocabulary import Attribution
from compliance.operations.evidence.naming import filed_as, slug, title_from

OFFICER = Attribution(by="A. Officer <a.officer@example.org>", on=dt.date(2026, 2, 2))


@pytest.mark.parametrize(
    ("record", "path"),
    [
        (
            Record(id="E-7K2M9QXT", title="ASV scan, Q3", date=dt.date(2026, 9, 30)),
            "evidence/2026/09/2026-09-30-asv-scan-q3.7K2M9QXT.pdf",
        ),
        (
            Record(id="E-7K2M9QXT", title="2026-09-30 scan", date=dt.date(2026, 9, 30)),
            "evidence/2026/09/2026-09-30-scan.7K2M9QXT.pdf",
        ),
        (
            Record(id="E-7K2M9QXT", title="Log", period=Period(dt.date(2025, 12, 1), dt.date(2026, 1, 31))),
            "evidence/2026/01/log.7K2M9QXT.pdf",
        ),
        (Record(id="E-7K2M9QXT", title="Licence", recorded=OFFICER), "evidence/2026/02/licence.7K2M9QXT.pdf"),
        (
            Record(id="E-7K2M9QXT", title="Old", date=dt.date(987, 1, 2), recorded=OFFICER),
            "evidence/0987/01/0987-01-02-old.7K2M9QXT.pdf",
        ),
    ],
    ids=["date", "date in the title", "period", "neither", "long ago"],
)
def test_a_file_is_kept_in_the_folder_of_its_month(record, path):
    assert filed_as(record, "Upload.PDF") == path


def test_a_root_of_its_own_has_the_same_folders():
    record = Record(id="E-7K2M9QXT", title="Scan", date=dt.date(2026, 9, 30))
    assert filed_as(record, "scan", "records/it") == "records/it/2026/09/2026-09-30-scan.7K2M9QXT"


def test_a_record_without_any_day_has_no_folder():
    with pytest.raises(ValueError, match="E-7K2M9QXT has no day to be filed under"):
        filed_as(Record(id="E-7K2M9QXT", title="Scan"), "scan.pdf")


@pytest.mark.parametrize(
    ("text", "slugged"),
    [("Prüfung – “final”", "prufung-final"), ("...", "file"), ("CON", "con-file"), ("a" * 80, "a" * 60)],
)
def test_a_slug_holds_letters_digits_and_hyphens(text, slugged):
    assert slug(text) == slugged


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("2026-09-30 ASV_scan-q3.pdf", "ASV scan q3"),
        ("minutes 2026-Q3.docx", "Minutes 2026 Q3"),
        (".pdf", "File"),
        ("a\x1b[2Jb.txt", "A [2Jb"),
    ],
)
def test_a_title_is_the_name_without_its_date_and_ending(name, title):
    assert title_from(name) == title
