"""What every git process is started with, so that nothing in a repository can run a program or forge an answer."""

from __future__ import annotations

import os
from collections.abc import Mapping

KEPT = frozenset(
    {
        "GIT_AUTHOR_NAME",
        "GIT_AUTHOR_EMAIL",
        "GIT_AUTHOR_DATE",
        "GIT_COMMITTER_NAME",
        "GIT_COMMITTER_EMAIL",
        "GIT_COMMITTER_DATE",
    }
)
"""The only variables of git's own that are taken over from outside: who commits, and when."""

PINNED: Mapping[str, str] = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",  # a list of the transports that may run; there is none of this name
    "GIT_PYTHON_REFRESH": "quiet",  # a missing git is reported by us, not when a library is imported
}
"""What this process and every git below it see instead."""

CHILD: Mapping[str, str] = {
    **PINNED,
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_ADVICE": "0",
    "GIT_EDITOR": "false",
    "GIT_PAGER": "cat",
    "LC_ALL": "C",  # what it says is quoted among words of ours
    "LANGUAGE": "C",
}
"""What is set for our git processes alone, and for no other program that this process may start."""

_SETTINGS: Mapping[str, str] = {
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "core.useReplaceRefs": "false",
    "core.commitGraph": "false",  # a file beside the objects that could tell other parents and dates than they do
    "core.ignoreStat": "false",
    "core.protectHFS": "true",
    "core.protectNTFS": "true",
    "core.askPass": "false",
    "core.sshCommand": "false",
    "core.editor": "false",
    "core.alternateRefsCommand": ":",
    "sequence.editor": "false",
    "credential.helper": "",
    "protocol.allow": "never",
    "safe.bareRepository": "explicit",
    "submodule.recurse": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "color.ui": "false",
    "log.showSignature": "false",
    "log.showRoot": "true",
    "log.follow": "false",
    "log.mailmap": "false",
    "log.diffMerges": "separate",
    "i18n.commitEncoding": "UTF-8",
    "i18n.logOutputEncoding": "UTF-8",
    "user.useConfigOnly": "true",
    "advice.graftFileDeprecated": "false",
    "core.fsync": "all",
    "core.fsyncMethod": "fsync",
    "core.fsyncObjectFiles": "true",  # the same for git before 2.36
}


def configured(settings: Mapping[str, str]) -> tuple[str, ...]:
    """The command-line options that give these settings the last word over every configuration file."""
    return tuple(part for key, value in settings.items() for part in ("-c", f"{key}={value}"))


OPTIONS: tuple[str, ...] = (
    "--no-pager",
    "--no-replace-objects",
    "--no-optional-locks",
    "--literal-pathspecs",
    *configured(_SETTINGS),
)
"""The options that come before the subcommand of every git process."""


def scrub_environment() -> None:
    """Drop every inherited `GIT_*` variable but the identity from this process, and pin those that close doors."""
    for name in _foreign(os.environ):
        del os.environ[name]
    os.environ.update(PINNED)


def child_environment() -> dict[str, str]:
    """The environment for a git process that is started without the library, whatever this process inherited."""
    foreign = _foreign(os.environ)
    return {name: value for name, value in os.environ.items() if name not in foreign} | dict(CHILD)


def _foreign(environment: Mapping[str, str]) -> set[str]:
    return {name for name in environment if name.upper().startswith("GIT_") and name.upper() not in KEPT}
