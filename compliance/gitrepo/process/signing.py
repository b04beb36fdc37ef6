"""Signatures, as the user's git is configured; the program that signs is never named by the repository."""

from __future__ import annotations

from compliance.gitrepo.process.hardening import configured
from compliance.gitrepo.process.process import Git
from compliance.gitrepo.process.settings import is_true, last
from compliance.problems import refuse

_DEFAULTS = {"openpgp": "gpg", "x509": "gpgsm", "ssh": "ssh-keygen"}


def signing(git: Git) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Options before and after `commit-tree`: which programs may sign, and whether a signature is wanted.

    Refused: an SSH signature without a key, because the command that would find one is the repository's own.
    """
    settings = git.settings
    if not is_true(last(settings, "commit.gpgsign")):
        return (), ("--no-gpg-sign",)
    chosen = last(settings, "gpg.format")
    kind = (chosen.value if chosen else None) or "openpgp"
    programs = {}
    for name, default in _DEFAULTS.items():
        program = last(settings, f"gpg.{name}.program", trusted=True)
        if program is None and name == "openpgp":
            program = last(settings, "gpg.program", trusted=True)
        programs[f"gpg.{name}.program"] = (program.value if program else None) or default
    programs["gpg.program"] = programs["gpg.openpgp.program"]
    finder = last(settings, "gpg.ssh.defaultkeycommand", trusted=True)
    programs["gpg.ssh.defaultKeyCommand"] = (finder.value if finder else None) or "false"
    if kind == "ssh" and not (finder and finder.value) and last(settings, "user.signingkey") is None:
        raise refuse(
            "commits are to be signed with an SSH key, and none is configured",
            hint="Run: git config --global user.signingKey ~/.ssh/id_ed25519.pub",
        )
    return configured(programs), ("--gpg-sign",)
