"""Evidence for what no profile in use asks for."""

from __future__ import annotations

from compliance.domain.ledger.belonging import outside_profile
from compliance.domain.standards.catalogue import Profile

from ..builders.ledgers import catalogue, control, scope, use, world

SHOP = control("1", profiles=("shop",))
PROFILES = (Profile(id="shop", title="Shop"), Profile(id="web", title="Web"))
STANDARD = catalogue(SHOP, profiles=PROFILES)


def outside(*uses, scopes=("corporate",)):
    ledger = world(STANDARD, scope("corporate"), scope("branch"), *uses)
    return outside_profile(ledger, STANDARD, SHOP, scopes)


def test_a_control_that_one_of_the_profiles_in_use_holds_belongs():
    assert outside(use(profiles=("shop",))) == ()
    assert outside(use(profiles=("web", "shop"))) == ()
    apart = (use(profiles=("web",), scopes=("corporate",)), use(profiles=("shop",), scopes=("branch",)))
    assert outside(*apart, scopes=("corporate", "branch")) == ()


def test_a_control_that_none_of_them_holds_does_not_and_they_are_named():
    assert outside(use(profiles=("web",))) == ("web",)
    apart = (use(profiles=("web",), scopes=("corporate",)), use(profiles=("shop",), scopes=("branch",)))
    assert outside(*apart) == ("web",)


def test_where_the_standard_is_not_in_use_nothing_is_outside():
    assert outside(use(profiles=("web",), scopes=("branch",))) == ()
