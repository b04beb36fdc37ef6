"""A workspace to try things out in: two years of an invented council, replayed into real git history.

Nothing in a replay depends on the clock, the machine or the user, so that every replay ends in the same commit.
"""

from __future__ import annotations

import importlib.resources
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import msgspec

from compliance.domain.terms.layout import Role, role_of
from compliance.gitrepo.process.process import Git
from compliance.gitrepo.writing.creation import initialise
from compliance.gitrepo.writing.recording import Identity, place, record
from compliance.operations.workspace.demonstration.replay import Replay
from compliance.operations.workspace.demonstration.story import id_of, read_story
from compliance.problems import Location, refuse

_PACKAGE = "compliance.operations.workspace.demonstration"


class DemoBuilt(msgspec.Struct, frozen=True, kw_only=True):
    """A demonstration workspace: its last commit and that commit's day, and how much there is in it."""

    directory: Path
    commit: str
    last_day: date
    commits: int
    evidence_files: int


def questions(day: date) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What is worth asking of the demonstration, and the arguments that ask it, as it stands on a day."""
    on = ("--on", str(day))
    audit, viewer, wait = id_of("U", "surveillance-2027"), id_of("T", "viewer"), id_of("M", "wait")
    return (
        ("What is to be done now", ("today", *on)),
        ("Every gap; of one control, why", ("gaps", *on, "--explain", "iso27001:A.8.8")),
        ("An answer that fails the whole assessment", ("gaps", *on, "-s", "cyber-essentials")),
        ("What the auditors will find in January", ("gaps", "--for-audit", audit)),
        ("What they have asked for", ("audit", "show", audit)),
        ("What is overdue, and what falls due within a month", ("renewals", *on, "--within", "30d")),
        ("The fewest pieces of evidence that close the most gaps", ("plan",)),
        ("A promise that slipped twice", ("action", "show", viewer)),
        ("A year of a figure, with a month missing", ("measure", "show", wait, *on)),
        ("Two councils and the service that they share", ("scope", "list")),
        (
            "What if the certificate covered the second council",
            ("accreditation", "widen", "iso27001", "--to", "pellbrook", *on),
        ),
        ("What one control has to do with the other standards", ("standards", "related", "pci-dss:11.3.2")),
        ("A page for the committee", ("report", "gaps", *on, "-o", "gaps.html")),
    )


def build_demo(directory: Path, shipped: Mapping[str, bytes]) -> DemoBuilt:
    """Make the demonstration workspace in a folder that is new or empty.

    `shipped` holds the catalogues that come with the program, by file name. Refused: a folder with something in it, a
    path that is no folder, and a catalogue that the story uses and `shipped` lacks.
    """
    data = importlib.resources.files(_PACKAGE)
    story = read_story(data)
    replay = Replay(story, {name: _shipped(name, shipped) for name in story.catalogues}, data / "files")
    _make_empty(directory)
    git = Git(initialise(directory))
    commit: str | None = None
    for chapter in story.commits:
        changes, message = replay.play(chapter)
        name, _, address = story.people[chapter.by].rstrip(">").partition(" <")
        commit = record(
            git, changes, message, expected=commit, author=Identity(name, address), when=story.moment(chapter)
        )
    for path, content in replay.tree.items():
        place(git.place.top, path, content)
    git.run("update-index", "-q", "--refresh")
    return DemoBuilt(
        directory=directory,
        commit=commit or "",
        last_day=story.commits[-1].day,
        commits=len(story.commits),
        evidence_files=sum(1 for path in replay.tree if is_evidence_file(path)),
    )


def is_evidence_file(path: str) -> bool:
    """Whether a path of the demonstration is a piece of evidence: no record, no rules, no register."""
    return role_of(path) in {Role.EVIDENCE, Role.MARKDOWN}


def _shipped(name: str, shipped: Mapping[str, bytes]) -> bytes:
    if name not in shipped:
        raise refuse(f"the catalogue {name} does not come with this program", hint="Install compliance again.")
    return shipped[name]


def _make_empty(directory: Path) -> None:
    """Make a folder that is not there; refused where something is."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        occupied = any(directory.iterdir())
    except FileExistsError:
        raise refuse("this is a file", location=Location(str(directory)), hint="Name a new folder.") from None
    except OSError as reason:
        raise refuse(
            f"no folder can be made here: {reason.strerror}",
            location=Location(str(directory)),
            hint="Name another one.",
        ) from None
    if occupied:
        raise refuse(
            "this folder is not empty", location=Location(str(directory)), hint="Name a new folder, or an empty one."
        )
