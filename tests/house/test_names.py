"""Names say what they hold: the share of those that say nothing may only shrink."""

from __future__ import annotations

from pathlib import Path

import pytest

from .names import Share, bound_names, share_of

ROOT = Path(__file__).resolve().parents[2]
CEILINGS = {
    **dict.fromkeys(
        (
            "compliance/cli",
            "compliance/domain",
            "compliance/exchange",
            "compliance/gitrepo",
            "compliance/ledger",
            "compliance/operations",
            "compliance/problems.py",
            "compliance/reports",
            "compliance/store",
            "compliance/workspace",
        ),
        1.0,
    ),
    "benchmarks": 1.5,
    "tests": 12.5,
}
"""Percent of the names bound that may say nothing: one in a hundred in the package, and in the tests only fewer."""


@pytest.mark.parametrize("place", CEILINGS)
def test_names_say_what_they_hold(place: str) -> None:
    share = share_of(ROOT / place)
    assert share.percent <= CEILINGS[place], (
        f"{place}: {share.empty.total()} of {share.bound} names ({share.percent:.1f} %), "
        + ", ".join(f"{word} {count} times" for word, count in share.empty.most_common(8))
    )


def test_every_layer_has_a_ceiling() -> None:
    layers = {
        f"compliance/{entry.name}"
        for entry in (ROOT / "compliance").iterdir()
        if (entry.is_dir() and any(entry.rglob("*.py"))) or entry.suffix == ".py"
    }
    small = {"compliance/__init__.py", "compliance/__main__.py"}
    assert layers - small <= set(CEILINGS)


def test_every_way_of_binding_a_name_is_counted() -> None:
    source = """
def act(first, *second, third=1, **fourth):
    fifth = first
    for sixth in second:
        with open(sixth) as seventh:
            eighth: int = 2
    try:
        return [ninth for ninth in third if (tenth := ninth)]
    except OSError as eleventh:
        match fourth:
            case [twelfth, *thirteenth]:
                pass
    return lambda fourteenth: fifth
"""
    names = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh")
    assert sorted(bound_names(source)) == sorted((*names, "twelfth", "thirteenth", "fourteenth"))


def test_a_share_of_nothing_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text("LIMIT = 1\n")
    assert share_of(tmp_path).percent == 0
    (tmp_path / "other.py").write_text("def act(record, found):\n    _one = record\n    name = found\n")
    share = share_of(tmp_path)
    assert (share.bound, dict(share.empty), share.percent) == (4, {"found": 1, "_one": 1}, 50.0)
    assert isinstance(share, Share)
