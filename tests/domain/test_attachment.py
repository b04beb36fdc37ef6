"""Who says what of a file, resolved field by field."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.ledger.attachment import Source, resolve
from compliance.domain.ledger.records import Record
from compliance.domain.terms.references import parse_reference
from compliance.domain.terms.vocabulary import Kind

from ..builders.ledgers import day


def refs(text):
    return tuple(parse_reference(one) for one in text.split())


SIDECAR = Source("evidence/a.pdf.evidence.yaml", Record(id="E-1", title="From the sidecar"))
FRONT = Source("front matter", Record(title="From the front matter", kind=Kind.POLICY, date=day("2026-01-02")))
NEAR = Source("evidence/policies/map.yaml:4", Record(kind=Kind.PROCEDURE, owner="Near", controls=refs("a:1")))
FAR = Source("evidence/map.yaml:9", Record(owner="Far", classification="OFFICIAL", controls=refs("a:2")))


def test_the_sidecar_wins_over_front_matter_and_that_over_rules_nearest_first_field_by_field():
    record, origins = resolve([SIDECAR, FRONT, NEAR, FAR])
    assert (record.title, record.kind, record.owner) == ("From the sidecar", Kind.POLICY, "Near")
    assert (record.date, record.classification) == (day("2026-01-02"), "OFFICIAL")
    assert origins == {
        "id": SIDECAR.name,
        "title": SIDECAR.name,
        "kind": FRONT.name,
        "date": FRONT.name,
        "owner": NEAR.name,
        "classification": FAR.name,
        "controls": NEAR.name,
    }


def test_controls_replaces_what_weaker_sources_give():
    assert resolve([NEAR, FAR])[0].controls == refs("a:1")


def test_an_empty_list_of_controls_replaces_too():
    record, origins = resolve([Source("sidecar", Record(controls=())), NEAR])
    assert (record.controls, origins["controls"]) == ((), "sidecar")
    assert resolve([Source("sidecar", Record(controls=()))]) == (Record(controls=()), {"controls": "sidecar"})


def test_also_adds_to_what_weaker_sources_give():
    record, origins = resolve([Source("sidecar", Record(also=refs("b:1 a:1"))), NEAR])
    assert record.controls == refs("a:1 b:1")
    assert origins["controls"] == f"{NEAR.name} + sidecar"


def test_also_of_a_weaker_source_is_lost_when_a_stronger_one_gives_controls():
    weaker = Source("map", Record(controls=refs("a:1"), also=refs("a:2")))
    assert resolve([weaker])[0].controls == refs("a:1 a:2")
    assert resolve([Source("sidecar", Record(controls=refs("b:1"))), weaker])[0].controls == refs("b:1")


def test_also_alone_is_enough_to_map_a_file():
    record, origins = resolve([Source("sidecar", Record(also=refs("b:1")))])
    assert (record.controls, record.also, origins) == (refs("b:1"), (), {"controls": "sidecar"})


def test_a_single_source_is_taken_as_it_is():
    assert resolve([FRONT]) == (FRONT.says, dict.fromkeys(("title", "kind", "date"), FRONT.name))
    assert resolve([]) == (Record(), {})


_RECORDS = st.builds(
    Record,
    title=st.sampled_from(["", "one", "other"]),
    owner=st.sampled_from(["", "one", "other"]),
    date=st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 3)),
    controls=st.none() | st.lists(st.sampled_from(refs("a:1 a:2 b:1")), max_size=2).map(tuple),
    also=st.lists(st.sampled_from(refs("a:1 a:2 b:1")), max_size=2).map(tuple),
)


@given(st.lists(_RECORDS, max_size=4))
def test_each_value_is_that_of_the_strongest_source_that_gives_one_and_names_it(records):
    sources = [Source(f"source {number}", record) for number, record in enumerate(records)]
    resolved, origins = resolve(sources)
    for field in ("title", "owner", "date"):
        said = [(one.name, getattr(one.says, field)) for one in sources if getattr(one.says, field)]
        assert (origins.get(field), getattr(resolved, field)) == (said[0] if said else (None, getattr(Record(), field)))
    wanted = None
    for one in reversed(sources):
        wanted = set(one.says.controls) if one.says.controls is not None else wanted
        wanted = (wanted or set()) | set(one.says.also) if one.says.also else wanted
    assert (None if resolved.controls is None else set(resolved.controls)) == wanted
    assert ("controls" in origins) == (wanted is not None)


@given(st.lists(_RECORDS, min_size=1, max_size=4))
def test_layering_may_be_done_in_steps(records):
    sources = [Source("source", record) for record in records]
    folded = Record()
    for one in reversed(sources):
        folded = resolve([one, Source("below", folded)])[0]
    assert folded == resolve(sources)[0]
