"""The command `compliance`: finds the subcommand, runs it, and turns what goes wrong into messages and exit codes."""

from __future__ import annotations

import functools
import gc
import importlib
import os
import sys
from collections.abc import Mapping
from typing import Any

import click

from compliance import __version__
from compliance.cli.misuse import WrongUse, misuse
from compliance.cli.registers.parts.heads import register_commands
from compliance.cli.told import not_told
from compliance.problems import Problem, Refused, Stopped, UnreadFile, nearest, reason_of

DONE, NOT_SATISFIED, TO_FIX, OUR_BUG, INTERRUPTED = 0, 1, 2, 3, 130

REGISTERS = "Between audits"
"""The section in which each register has its commands."""
SECTIONS = {
    "Every day": {
        "today": ("daily.today:today", "What is to be done now, on one screen."),
        "evidence": ("daily.evidence:evidence", "File evidence, list it, map it to controls."),
        "gaps": ("daily.gaps:gaps", "What is missing, stale or failed, today or on any day."),
        "renewals": ("daily.renewals:renewals", "What falls due: certificates, audits, scans, evidence."),
        "plan": ("daily.plan:plan", "The fewest pieces of evidence that close the most gaps."),
        "retention": ("daily.evidence_keeping:retention", "Evidence past the day until which it is kept."),
        "undo": ("daily.undo:undo", "Take back what you recorded last, by a commit that says so."),
    },
    REGISTERS: {
        "scope": ("applicability.scope:scope", "Organisations and services, and who meets what for whom."),
    },
    "Standards and reports": {
        "standards": ("standards.standards:standards", "The standards in use, and what they expect."),
        "report": ("report:report", "Write a report to a file."),
    },
    "The workspace": {
        "init": ("workspace.initialise:init", "Begin a workspace in a new or existing git repository."),
        "demo": ("workspace.demo:demo", "Build a demonstration workspace of a fictional council."),
        "check": ("workspace.check:check", "Every problem in the workspace."),
        "doctor": ("workspace.doctor:doctor", "Every problem around it: versions, git, cache."),
        "cache": ("workspace.cache:cache", "What was read and kept: its state, and a rebuild."),
    },
}
"""The commands by what they are for, but for those of the registers: where each one is, and what it does."""
OLD_NAMES = {"index": "cache"}
"""What a command was called before; it still answers to that."""


@functools.cache
def sections() -> dict[str, dict[str, tuple[str, str]]]:
    """The commands by what they are for, the registers' among them in their order."""
    return {**SECTIONS, REGISTERS: {**register_commands(), **SECTIONS[REGISTERS]}}


@functools.cache
def commands() -> dict[str, tuple[str, str]]:
    """Every command: where it is, and what it does."""
    return by_word(sections())


def by_word(parts: Mapping[str, Mapping[str, tuple[str, str]]]) -> dict[str, tuple[str, str]]:
    """The commands of all sections. Raises TypeError where two have one word, as a register that claims another's."""
    listed = [entry for section in parts.values() for entry in section.items()]
    words = [word for word, _ in listed]
    if twice := [word for word in words if words.count(word) > 1]:
        raise TypeError(f"two commands have the word “{twice[0]}”")
    return dict(listed)


class Lazy(click.Group):
    """A group whose commands are imported when they are run: `--help` must not pay for all of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(commands())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        place, _ = commands().get(OLD_NAMES.get(cmd_name, cmd_name), ("", ""))
        if not place:
            return None
        module, _, name = place.partition(":")
        command: click.Command = getattr(importlib.import_module(f"compliance.cli.{module}"), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command. That a file cannot be read is not said again where what is wrong in it was shown."""
        try:
            return super().invoke(ctx)
        except UnreadFile as refusal:
            raise not_told(refusal, ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        longest = max(map(len, commands()))
        for title, section in sections().items():
            with formatter.section(title):
                formatter.write_dl([(f"{name:<{longest}}", summary) for name, (_, summary) in section.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in commands() and args[0] not in OLD_NAMES and not args[0].startswith("-"):
            near = nearest(args[0], commands())
            question = f"; did you mean {near[0]}?" if near else ""
            raise WrongUse(f"there is no command “{args[0]}”{question}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="compliance")
@click.option(
    "-C",
    "directory",
    type=click.Path(readable=False),
    default=".",
    help="Work in this folder instead of the present one.",
)
@click.option("--no-color", "plain", is_flag=True, help="No colour, whatever the terminal (so does NO_COLOR).")
@click.pass_context
def compliance(ctx: click.Context, directory: str, plain: bool) -> None:
    """Accreditation evidence, kept in git: what is missing, stale or unapproved on any day, and what falls due."""
    from compliance.cli.session import Surroundings

    ctx.obj = Surroundings(directory, ctx.obj.rehearsal if ctx.obj else None)
    # click itself knows nothing of NO_COLOR (https://no-color.org).
    if plain or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        ctx.color = False


def _collect_seldom() -> None:
    """Lets the cyclic collector run seldom: a ledger is hundreds of thousands of values without a cycle among them.

    For a process that answers one command only: looking for cycles is a fifth of what a warm one costs.
    """
    gc.set_threshold(100_000, 50, 100)


def main() -> None:
    """The entry point: exits 0 done, 1 not satisfied, 2 for the user to fix, 3 our bug, 130 interrupted."""
    from compliance.gitrepo.process.hardening import scrub_environment

    scrub_environment()
    _collect_seldom()
    _speak_utf8()
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Runs a command line and returns its exit code."""
    try:
        result: Any = compliance.main(args=arguments, prog_name="compliance", standalone_mode=False)
        sys.stdout.flush()
    except Refused as refusal:
        say(refusal.problems)
        return INTERRUPTED if isinstance(refusal, Stopped) else TO_FIX
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.Abort:
        click.echo("Interrupted; nothing more was done.", err=True)
        return INTERRUPTED
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help(), err=True)
        return TO_FIX
    except click.ClickException as error:
        say([misuse(error, compliance, arguments)])
        return TO_FIX
    except KeyboardInterrupt:
        click.echo("Interrupted; nothing more was done.", err=True)
        return INTERRUPTED
    except (BrokenPipeError, SystemExit) as ended:
        return _ended(ended)
    except OSError as error:
        say([_of_the_system(error)])
        return TO_FIX
    except Exception:
        return _our_bug()
    return result if isinstance(result, int) else DONE


def _ended(ended: BaseException) -> int:
    """The exit code where the command was left on the way: by the shell's completion, or because nobody reads on."""
    if isinstance(ended, SystemExit) and "_COMPLIANCE_COMPLETE" in os.environ:
        return ended.code if isinstance(ended.code, int) else DONE
    # Whoever read our answer has had enough of it, which click makes an exit of its own. Python would complain once
    # more at its end.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return DONE


def say(problems: tuple[Problem, ...] | list[Problem]) -> None:
    """Shows problems on stderr."""
    for problem in problems:
        click.echo(problem.render(), err=True)


def _of_the_system(error: OSError) -> Problem:
    name = f"{error.filename}: " if error.filename else ""
    return Problem(f"{name}{reason_of(error)}", hint="check the free space, and who may read and write there")


def _our_bug() -> int:
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile(
        "w", prefix="compliance-", suffix=".log", delete=False, encoding="utf-8", errors="replace"
    ) as log:
        log.write(f"compliance {__version__}, Python {sys.version}\n{traceback.format_exc()}")
    click.echo(
        f"error: this is a fault in compliance, not in your work; what happened is written in {log.name}", err=True
    )
    click.echo("  hint: nothing half-done is left in git; please report the fault with that file", err=True)
    return OUR_BUG


def _speak_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
