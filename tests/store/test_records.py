"""Records written and read back: nothing is lost, nothing is taken for another type, and it stays readable YAML."""

from __future__ import annotations

import datetime as dt
import string

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.ledger.records import Correction, Decision, Elsewhere, Outcome, Record, Withdrawal
from compliance.domain.registers.certificates.accreditation import Accreditation, CertificateEvent, Cycle
from compliance.domain.terms.moments import Moment
from compliance.domain.terms.periods import Period
from compliance.domain.terms.references import Reference, StandardName
from compliance.domain.terms.vocabulary import Attribution, Kind, Result
from compliance.store.records.records import front_matter, misnamed, parse_record, render_record
from compliance.store.text.parsed import parse_yaml

days = st.dates(dt.date(1990, 1, 1), dt.date(2090, 12, 31))
texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff\ufffe\uffff"), min_size=1
).filter(lambda text: text.strip() != "" and text == text.strip())
tricky = st.sampled_from(
    [
        "yes",
        "no",
        "null",
        "~",
        "1.10",
        "0x1F",
        "1e3",
        "2026-01-05",
        "- a",
        "a: b",
        "#x",
        "on",
        "'",
        '"',
        "%",
        "@a",
        "[",
        "{}",
    ]
)
words = st.text(string.ascii_lowercase, min_size=1, max_size=6)
references = st.builds(Reference, words, words, st.sampled_from(["", "1", "4.0.1"]), st.sampled_from(["", "scan"]))
moments = st.builds(Moment, days, st.integers(-1, 86_399))
persons = st.builds(Attribution, by=texts | tricky, on=days)
records = st.builds(
    Record,
    id=st.just("E-7K2M9QXT"),
    title=texts | tricky,
    kind=st.sampled_from([None, *Kind]),
    result=st.sampled_from([None, *Result]),
    date=st.none() | days,
    period=st.none() | st.tuples(days, days).map(lambda two: Period(min(two), max(two))),
    valid_until=st.none() | days,
    controls=st.none() | st.lists(references, max_size=4, unique=True).map(tuple),
    also=st.lists(references, max_size=2, unique=True).map(tuple),
    scope=st.none() | st.lists(words, min_size=1, max_size=3, unique=True).map(tuple),
    per=st.none()
    | st.dictionaries(st.sampled_from(["supplier", "site", "system"]), texts | tricky, min_size=1, max_size=2),
    owner=st.just("") | texts | tricky,
    size=st.none() | st.integers(0, 10**12),
    sha256=st.sampled_from(["", "0" * 64, "e" * 64]),
    elsewhere=st.none() | st.builds(Elsewhere, location=texts | tricky),
    recorded=st.none() | persons,
    withdrawn=st.none() | st.builds(Withdrawal, by=texts, on=days, reason=texts | tricky),
    retain_until=st.none() | days,
    note=st.just("") | texts | tricky,
    corrected=st.lists(
        st.builds(Correction, by=texts, on=moments, reason=texts | tricky, was=st.dictionaries(words, texts | tricky)),
        max_size=2,
    ).map(tuple),
    decisions=st.lists(
        st.builds(
            Decision,
            id=st.sampled_from(["", "K-7K2M9QXT"]),
            decision=st.sampled_from(Outcome),
            by=texts,
            on=moments,
            note=texts,
            parts=st.just({"kind": "a"}),
        ),
        max_size=2,
    ).map(tuple),
)


@given(record=records)
def test_a_record_reads_back_as_it_was_written(record):
    text = render_record(record)
    parsed = parse_record(text, "x")
    assert parsed.problems == ()
    assert parsed.value == record
    assert text.decode("utf-8").isprintable() or b"\n" in text
    assert max(line.count("\t") for line in text.decode().split("\n")) == 0


@given(body=texts | tricky, certificate=texts | tricky, granted=days, event=words)
def test_an_accreditation_reads_back_as_it_was_written(body, certificate, granted, event):
    held = Accreditation(
        id="A-7K2M9QXT",
        standard=StandardName("acme", "1"),
        scope="corporate",
        body=body,
        cycles=(Cycle(granted=granted, certificate=certificate, events=(CertificateEvent(event=event, on=granted),)),),
    )
    assert parse_yaml(render_record(held), "x", Accreditation).value == held


def test_keys_stand_in_the_order_of_the_page_and_defaults_are_left_out():
    record = Record(
        id="E-7K2M9QXT",
        title="Scan",
        kind=Kind.SCAN,
        date=dt.date(2026, 9, 30),
        controls=(Reference("pci-dss", "11.3.2", "", "asv"),),
        recorded=Attribution(by="A. Officer <a@example.org>", on=dt.date(2026, 10, 2)),
    )
    text = render_record(record).decode()
    assert text == (
        "id: E-7K2M9QXT\ntitle: Scan\nkind: scan\ndate: 2026-09-30\ncontrols:\n- pci-dss:11.3.2#asv\n"
        "recorded: {by: A. Officer <a@example.org>, on: 2026-10-02}\n"
    )
    assert list(yaml.safe_load(text)) == ["id", "title", "kind", "date", "controls", "recorded"]


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("scan.7K2M9QXT.pdf.evidence.yaml", True),
        ("scan.7K2M9QXT.evidence.yaml", True),
        ("7K2M9QXT.evidence.yaml", True),
        ("7K2M9QXT.pdf.evidence.yaml", True),
        ("scan.pdf.evidence.yaml", False),
        ("7K2M9QXT-scan.pdf.evidence.yaml", False),
        ("scan7K2M9QXT.pdf.evidence.yaml", False),
    ],
)
def test_a_record_is_named_by_its_id(name, right):
    wrong = misnamed(Record(id="E-7K2M9QXT"), f"evidence/2026/{name}")
    assert (wrong == "") == right


@pytest.mark.parametrize(
    ("data", "block"),
    [
        (b"---\na: 1\n---\nText", b"a: 1\n"),
        (b"\xef\xbb\xbf---\r\na: 1\r\n---\r\n", b"a: 1\r\n"),
        (b"---\na: 1\n...\n", b"a: 1\n"),
        (b"---\n---\n", b""),
        (b"----\na: 1\n---\n", None),
        (b"---\na: 1\n --- \n", None),
        (b"\n---\na: 1\n---\n", None),
        (b"---\n" + b"a: 1\n" * 20_000 + b"---\n", None),
    ],
)
def test_front_matter_lies_between_two_fences_at_the_very_beginning(data, block):
    assert front_matter(data) == block


def test_a_list_that_is_empty_says_something_and_one_that_is_not_there_does_not():
    record = Record(id="E-7K2M9QXT", controls=())
    assert render_record(record) == b"id: E-7K2M9QXT\ncontrols: []\n"
    assert parse_record(render_record(record), "x").value == record
