"""Git's configuration: whose it is, and what it switches on."""

import pytest

from compliance.gitrepo.process.settings import Setting, disarmed, is_true, last, parsed
from compliance.problems import Refused

LISTING = (
    b"system\0filter.lfs.clean\ngit-lfs clean\0global\0user.name\nA\nB\0local\0commit.gpgsign\0"
    b"local\0user.name\nEvil\0command\0user.name\nOurs\0"
)


def test_parsing():
    settings = parsed(LISTING)
    assert settings[1] == Setting("global", "user.name", "A\nB")
    assert settings[2] == Setting("local", "commit.gpgsign", None)
    assert parsed(b"") == ()


def test_who_has_the_last_word():
    settings = parsed(LISTING)
    assert last(settings, "user.name") == Setting("local", "user.name", "Evil")
    assert last(settings, "user.name", trusted=True) == Setting("global", "user.name", "A\nB")
    assert last(settings, "no.thing") is None


@pytest.mark.parametrize(
    ("value", "meaning"),
    [
        *((text, True) for text in (None, "TRUE", "on", "yes", "1", "-1")),
        *((text, False) for text in ("", "0", "off", "never")),
    ],
)
def test_what_is_true(value, meaning):
    assert is_true(Setting("local", "x.y", value)) is meaning
    assert not is_true(None)


def test_disarming():
    settings = parsed(
        b"local\0filter.a.b.clean\nx\0local\0hook.h.command\nx\0local\0filter.clean\nx\0local\0core.x\ny\0"
    )
    assert disarmed(settings)[1::2] == (
        "filter.a.b.clean=",
        "filter.a.b.smudge=",
        "filter.a.b.process=",
        "filter.a.b.required=false",
        "hook.h.enabled=false",
    )


def test_a_name_that_cannot_be_spelt_is_refused():
    with pytest.raises(Refused, match="cannot be switched off"):
        disarmed(parsed(b"local\0filter.a=b.clean\nx\0"))
