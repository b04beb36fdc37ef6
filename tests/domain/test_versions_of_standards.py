"""Two versions of a standard side by side: every control has its place, and nothing that differs is passed over."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.planning.migration import VersionRoute, voided
from compliance.domain.standards.catalogue import AnswerForm, Catalogue, Question
from compliance.domain.standards.versions import ChangeKind, Comparison, ControlChange, compare
from compliance.domain.terms.references import StandardName, parse_reference

from ..builders.ledgers import altered, any_of, approved, catalogue, control, expects, piece, rejected, world

ONE, TWO, THREE = (StandardName("std", version) for version in "123")


def two(*controls, follows=ONE, version="2", **more) -> Catalogue:
    return catalogue(*controls, version=version, follows=follows, **more)


def rows(comparison: Comparison) -> dict[str, ControlChange]:
    return {row.control or f"-{row.before[0]}": row for row in comparison.rows}


def steps(comparison: Comparison) -> dict[str, str]:
    return {id_: row.step.value for id_, row in rows(comparison).items()}


def test_controls_are_kept_moved_split_merged_added_and_dropped():
    old = catalogue(*(control(id_) for id_ in ("K", "M", "S", "X", "Y", "D")))
    new = two(
        control("K"),
        control("M2", was=("M",)),
        control("S1", was=("S",)),
        control("S2", was=("S",)),
        control("XY", was=("X", "Y")),
        control("A", was=()),
        control("B"),
    )
    found = compare(old, new)
    assert steps(found) == {
        "K": "kept", "M2": "moved", "S1": "split", "S2": "split", "XY": "merged", "A": "added", "B": "added",
        "-D": "dropped",
    }  # fmt: skip
    assert [row.control for row in found.onward("S")] == ["S1", "S2"]
    assert found.onward("unknown") == ()


def test_an_id_that_is_given_to_something_new_is_not_taken_for_the_old():
    old = catalogue(control("A2.b", title="Assurance"))
    new = two(control("A2.b", title="Threat", was=()), control("A2.c", title="Assurance", was=("A2.b",)))
    assert steps(compare(old, new)) == {"A2.b": "added", "A2.c": "moved"}


def test_headings_are_no_controls():
    old = catalogue(control("1", controls=(control("1.1"),)))
    new = two(control("1", assessable=False, controls=(control("1.1"),)))
    assert steps(compare(old, new)) == {"1.1": "kept", "-1": "dropped"}


def test_a_control_that_says_what_is_new_is_revised_and_one_whose_title_differs_retitled():
    old = catalogue(control("1"), control("2", title="Logs"))
    new = two(control("1", revised="Clocks too."), control("2", title="Logging"))
    one, other = compare(old, new).rows
    assert (one.revised, one.retitled, other.revised, other.retitled) == (("Clocks too.",), False, (), True)


def test_expectations_that_came_went_and_changed():
    old = catalogue(
        control("1", expects("every 3 months", "scan", "scan"), expects(id="plan"), expects(id="log", basis="advice"))
    )
    new = two(
        control("1", expects("every 1 month", "scan", "scan test"), expects(id="test"), expects(id="log", per="site"))
    )
    (row,) = compare(old, new).rows
    assert [str(change) for change in row.expectations] == [
        "#scan interval: every 3 months → every 1 month",
        "#scan kind: scan → scan or test",
        "#test added: no older than 12 months",
        "#log basis: advice → mandated",
        "#log per: none → site",
        "#plan dropped: no older than 12 months",
    ]
    assert [change.id for change in row.expectations if change.mandated] == ["scan", "scan", "test", "log", "plan"]
    assert row.revised == tuple(f"mandated {change}" for change in row.expectations if change.mandated)


def test_what_the_standard_does_not_demand_may_change_without_a_revision():
    old = catalogue(control("1", expects(basis="organisation"), expects(id="x", basis="advice")))
    new = two(control("1", expects("max-age 6 months", basis="organisation")))
    (row,) = compare(old, new).rows
    assert (row.revised, len(row.expectations), row.changed) == ((), 2, True)


def test_words_alone_change_nothing():
    old = catalogue(control("1", expects(what="The plan"), summary="Have a plan."))
    new = catalogue(control("1", expects(what="A plan"), summary="Plan."))
    assert compare(old, new).changes == ()


def test_alternatives_are_compared_by_what_they_ask():
    def either(age: str, what: str) -> Catalogue:
        return catalogue(control("1", any_of(expects(id="a", what=what), expects(age, "b"))))

    assert compare(either("once", "x"), either("once", "y")).changes == ()
    (row,) = compare(either("once", "x"), either("max-age 1 year", "x")).changes
    assert [change.aspect for change in row.expectations] == ["interval"]


def test_an_expectation_that_goes_on_in_another_part_of_a_split_control_was_not_dropped():
    old = catalogue(control("1", expects(id="tools"), expects(id="people")))
    new = two(control("1", expects(id="people")), control("2", expects(id="tools"), was=("1",)))
    assert [row.expectations for row in compare(old, new).rows] == [(), ()]


def test_other_answers_that_comply_are_a_revision():
    def asks(wanted: str, decisive: bool = False) -> Catalogue:
        return catalogue(
            control("1", answer=Question(form=AnswerForm.YES_NO, wanted=wanted, decisive=decisive)), version=wanted
        )

    (row,) = compare(asks("no"), asks("yes", decisive=True)).rows
    assert row.revised == ("the answer that complies: no → yes", "can fail the whole assessment")


def test_a_raised_revision_counts_within_a_version_and_not_between_two():
    assert compare(catalogue(control("1")), catalogue(control("1", revision=2))).rows[0].revised == ("revision 1 → 2",)
    assert compare(catalogue(control("1")), two(control("1", revision=2))).changes == ()


def test_was_is_not_heeded_within_a_version():
    one = two(control("1", was=(), revised="More."), control("2", was=("1",)))
    assert compare(one, one).changes == ()


def test_versions_between_are_followed():
    first = catalogue(control("a"), control("b"))
    second = two(control("A", was=("a",), revised="First."), control("b"))
    third = two(control("AA", was=("A",), revised="Second."), control("b"), follows=TWO, version="3")
    found = compare(first, third, [second])
    assert steps(found) == {"AA": "moved", "b": "kept"}
    assert rows(found)["AA"].revised == ("First.", "Second.")
    assert steps(compare(first, third)) == {"AA": "added", "b": "kept", "-a": "dropped"}


def test_backwards_is_the_same_in_reverse():
    old = catalogue(control("a"), control("s"))
    new = two(control("A", was=("a",), revised="More."), control("s1", was=("s",)), control("s2", was=("s",)))
    found = compare(new, old)
    assert steps(found) == {"a": "moved", "s": "merged"}
    assert rows(found)["a"].revised == ("no longer: More.",)


def test_versions_that_follow_each_other_in_a_circle_end():
    first, second = catalogue(control(), follows=TWO), two(control(), follows=THREE)
    assert steps(compare(first, two(control(), follows=TWO, version="4"), [second])) == {"1": "kept"}


def test_the_way_onward():
    old = catalogue(control("K"), control("R"), control("S"), control("D"), control("E", expects(id="x")))
    new = two(
        control("K2", was=("K",)),
        control("R", revised="More."),
        control("S1", was=("S",)),
        control("S2", was=("S",)),
        control("E"),
    )
    route = VersionRoute(compare(old, new), new)
    assert (route.of("K").control, route.of("K", ["proof"]).control) == ("K2", "K2")
    assert (route.of("R").control, route.of("R").reason, route.of("R").looked_at) == ("", "revised: More.", ("R",))
    assert route.of("S").looked_at == ("S1", "S2")
    assert route.of("D").reason.startswith("dropped")
    assert "revised" in route.of("E", ["x"]).reason
    assert route.of("nothing") is None
    unread = VersionRoute(compare(old, new), new, revised_too=True)
    assert unread.of("R").control == "R"
    assert unread.of("E", ["x"]).reason == "E has no expectation #x"
    assert unread.of("S").control == ""


def test_approvals_end_where_a_mapping_comes_beside_and_not_where_a_version_is_written_out():
    first, second = catalogue(), two(control())
    before = approved(piece(), first)
    pinned, along = (
        altered(before, controls=tuple(parse_reference(text) for text in texts))
        for texts in (["std@1:1"], ["std@1:1", "std@2:1"])
    )
    assert voided(world(before, first), world(pinned, first, second)) == ()
    (lost,) = voided(world(before, first), world(along, first, second))
    assert (lost.id, lost.title) == ("E-1", "Piece E-1")
    assert lost.reason == "approved by Ben Example on 2026-10-02, and not for std@2:1"


def test_what_was_not_approved_or_held_no_longer_is_not_ended():
    first = catalogue()
    held = world(approved(piece(), first), first)
    mended = catalogue(control(revision=2))
    assert [one.id for one in voided(held, world(*held.evidence, mended))] == ["E-1"]
    for item in (piece(), rejected(piece()), approved(piece(), mended)):
        assert voided(world(item, first), world(item, mended)) == ()


IDS = st.sampled_from(["a", "b", "c", "d", "e", "f"])
EXPECTED = st.lists(st.sampled_from(["x", "y", "z"]), unique=True, max_size=3).map(
    lambda ids: [expects(id=id_) for id_ in ids]
)


@st.composite
def versions(draw) -> tuple[Catalogue, Catalogue]:
    olds = draw(st.lists(IDS, unique=True, min_size=1))
    news = draw(st.lists(IDS, unique=True, min_size=1))
    was = st.none() | st.lists(IDS, max_size=3).map(tuple)
    old = catalogue(*(control(id_, *draw(EXPECTED)) for id_ in olds))
    new = two(*(control(id_, *draw(EXPECTED), was=draw(was)) for id_ in news))
    return old, new


def ids(one: Catalogue) -> list[str]:
    return [each.id for each in one.controls]


@given(versions())
def test_a_version_does_not_differ_from_itself(pair):
    for one in pair:
        assert compare(one, one).changes == ()


@given(versions())
def test_each_control_of_the_new_version_has_one_row_and_each_of_the_old_is_continued_or_dropped(pair):
    old, new = pair
    found = compare(old, new)
    assert [row.control for row in found.rows if row.control] == ids(new)
    dropped = [row.before[0] for row in found.rows if row.step is ChangeKind.DROPPED]
    continued = Counter(id_ for row in found.rows if row.step is not ChangeKind.DROPPED for id_ in row.before)
    assert sorted([*dropped, *continued]) == sorted(ids(old))


@given(versions())
def test_a_row_is_named_by_how_many_go_into_it_and_come_out(pair):
    old, new = pair
    found = compare(old, new)
    onward = {id_: len(found.onward(id_)) for id_ in ids(old)}
    for row in found.rows:
        if not row.control or not row.before:
            assert row.step is (ChangeKind.ADDED if row.control else ChangeKind.DROPPED)
        elif len(row.before) > 1:
            assert row.step is ChangeKind.MERGED
        elif onward[row.before[0]] > 1:
            assert row.step is ChangeKind.SPLIT
        else:
            assert row.step is (ChangeKind.KEPT if row.before == (row.control,) else ChangeKind.MOVED)


@given(versions())
def test_back_again_links_the_same_controls(pair):
    old, new = pair
    there, back = compare(old, new), compare(new, old)
    forward = {(id_, row.control) for row in there.rows for id_ in row.before if row.control}
    assert forward == {(row.control, id_) for row in back.rows for id_ in row.before if row.control}


@given(versions())
def test_only_what_leads_to_one_control_by_itself_goes_along(pair):
    old, new = pair
    found = compare(old, new)
    route = VersionRoute(found, new)
    for id_ in ids(old):
        onward = route.of(id_)
        if onward.control:
            (row,) = found.onward(id_)
            assert row.control == onward.control and row.before == (id_,) and not row.revised
        else:
            assert onward.reason


def test_another_form_of_answer_and_a_question_that_came_or_went_are_revisions():
    def asks(version: str, answer: Question | None) -> Catalogue:
        return catalogue(control("1", answer=answer), version=version)

    words, choice = Question(form=AnswerForm.TEXT), Question(form=AnswerForm.CHOICE, options=("a", "b"))
    for before, after, said in (
        (words, choice, "is answered in another form"),
        (None, words, "wants an answer"),
        (words, None, "wants no answer any more"),
    ):
        (row,) = compare(asks("1", before), asks("2", after)).rows
        assert row.revised == (said,)
