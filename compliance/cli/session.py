"""What every command begins with: the workspace, the day, the terminal."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click
import msgspec

from compliance.cli.progress import reading_bar
from compliance.cli.told import tell
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.settings import Scope
from compliance.domain.terms.moments import Moment
from compliance.domain.terms.references import StandardName, parse_standard
from compliance.ledger.opening import HEAD, Workspace, day_named, open_ledger, open_workspace
from compliance.problems import Problem, choice_hint, must_be_known, must_not_be_future, must_parse, refuse

if TYPE_CHECKING:
    from compliance.ledger.rehearsal import Rehearsal

WIDEST = 160


class Surroundings(msgspec.Struct, frozen=True):
    """What a command finds around it: the folder it works in and, where a history is played in memory, that history."""

    directory: str = "."
    rehearsal: Rehearsal | None = None


def surroundings_of(ctx: click.Context) -> Surroundings:
    """What the command finds around it."""
    return ctx.find_root().obj or Surroundings()


def workspace_of(ctx: click.Context) -> Workspace:
    """The workspace the command works in."""
    around = surroundings_of(ctx)
    return around.rehearsal.workspace() if around.rehearsal else open_workspace(Path(around.directory))


def today(ledger: Ledger) -> dt.date:
    """The day, in the workspace's zone. With `moment` the one place that reads the clock."""
    return dt.datetime.now(ZoneInfo(ledger.settings.time_zone)).date()


def moment(workspace: Workspace) -> Moment:
    """The time in UTC, or that of a history that is played."""
    batch = workspace.place.batch
    now = (batch.moment if batch else dt.datetime.now(dt.UTC)).astimezone(dt.UTC)
    return Moment(now.date(), now.hour * 3600 + now.minute * 60 + now.second)


def ledger_at(workspace: Workspace, at: str | None) -> tuple[Ledger, dt.date]:
    """The ledger and the day it speaks from: today, the day that `at` names, or the day of the commit that it names.

    Of a history that is played it is the day of its last commit. Raises Refused for a day after today: what will have
    been filed by then nobody can know.
    """
    with reading_bar() as watch:
        ledger = open_ledger(workspace, HEAD if at is None else at, watch)
    if workspace.ledger is not None:
        return ledger, ledger.day
    if at is None:
        return ledger, today(ledger)
    day = day_named(at)
    must_not_be_future(day, today(ledger), hint=f"as it will stand on a day to come: --on {day}")
    return ledger, day or ledger.day


class Session(msgspec.Struct, frozen=True):
    """The workspace that a command works in, its ledger, and the day that the ledger speaks from.

    The code is the exit code: 2 where a file could not be read, so that the answer may lack something.
    """

    workspace: Workspace
    ledger: Ledger
    day: dt.date
    code: int = 0

    @property
    def moment(self) -> Moment:
        """The time in UTC, for what may happen twice on one day."""
        return moment(self.workspace)


def open_session(ctx: click.Context) -> Session:
    """Opens the workspace for a command that changes it: problems of other files do not concern it.

    What an earlier command left that was broken off is put right first, and said on stderr.
    """
    workspace = workspace_of(ctx)
    if workspace.place.is_unfinished:
        from compliance.gitrepo.process.process import Git
        from compliance.gitrepo.unfinished.settling import settle_if_unfinished

        show_problems(settle_if_unfinished(Git(workspace.place)))
    return Session(workspace, *ledger_at(workspace, None))


def plain_session(ctx: click.Context) -> Session:
    """Opens the workspace for a command that answers, and is not concerned by problems of other files."""
    workspace = workspace_of(ctx)
    return Session(workspace, *ledger_at(workspace, None))


def read_session(ctx: click.Context, at: str | None = None) -> Session:
    """Opens the workspace for a command that answers, as known now or at a past commit; its problems go to stderr."""
    workspace = workspace_of(ctx)
    if workspace.place.is_unfinished:
        from compliance.gitrepo.unfinished.accounts import UNFINISHED
        from compliance.gitrepo.writing.locking import is_writing

        show_problems(() if is_writing(workspace.place) else (UNFINISHED,))
    ledger, day = ledger_at(workspace, at)
    return Session(workspace, ledger, day, show_problems(ledger.problems))


def show_problems(problems: tuple[Problem, ...]) -> int:
    """Shows problems met while reading, and gives the exit code: 2 if the answer may lack something."""
    tell(problems)
    return 2 if any(problem.is_error for problem in problems) else 0


def width() -> int:
    """How wide the answer may be."""
    return min(shutil.get_terminal_size((80, 24)).columns, WIDEST)


def chosen_scopes(ledger: Ledger, names: tuple[str, ...]) -> tuple[Scope, ...]:
    """The scopes named, or all of them. Raises Refused for a name that is none."""
    known = {scope.id: scope for scope in ledger.settings.scopes}
    for name in names:
        must_be_known("scope", name, known)
    return tuple(known[name] for name in names) or ledger.settings.scopes


def chosen_standards(ledger: Ledger, names: tuple[str, ...]) -> frozenset[StandardName]:
    """The standards named, each in the versions in use. Raises Refused for one that is not in use."""
    from compliance.domain.ledger.lookup import missing_standard

    for use, catalogue in ledger.in_use():
        profiles = [profile.id for profile in catalogue.profiles]
        for profile in use.profiles:
            if profile not in profiles:  # nothing would be judged, and that would read as if nothing were missing
                raise refuse(f"{catalogue.name} has no profile “{profile}”", hint=choice_hint(profile, profiles))
    in_use = [catalogue.name for _, catalogue in ledger.in_use()]
    chosen: set[StandardName] = set()
    for name in names:
        wanted = must_parse(parse_standard, name)
        fitting = [
            candidate for candidate in in_use if candidate.id == wanted.id and wanted.version in {"", candidate.version}
        ]
        if not fitting:
            of_id = [str(candidate) for candidate in in_use if candidate.id == wanted.id]
            hint = f"in use: {', '.join(of_id)}" if of_id else _not_in_use(wanted.id, in_use)
            raise missing_standard(ledger, wanted, hint)
        chosen |= set(fitting)
    return frozenset(chosen)


def _not_in_use(name: str, in_use: Iterable[StandardName]) -> str:
    from compliance.workspace.shipped import shipped_standards

    if name in shipped_standards():
        return f"it ships with the program: compliance standards use {name}"
    return choice_hint(name, [candidate.id for candidate in in_use])
