"""`compliance evidence`: add, list, show, map."""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import click
import msgspec

from compliance.cli.options import answers, options, show_answer, was_at
from compliance.cli.session import chosen_scopes, chosen_standards, open_session, read_session, show_problems, width
from compliance.cli.values import DAY, Word
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Evidence
from compliance.domain.terms.periods import Period
from compliance.domain.terms.references import Reference
from compliance.domain.terms.vocabulary import Kind, Result
from compliance.problems import not_a_pair, printable, refuse, split_pair
from compliance.reports.parts.answers import as_json

if TYPE_CHECKING:
    from compliance.operations.evidence.add import PlannedRecord
    from compliance.reports.registers.evidence import EvidenceFiled

KIND, RESULT = Word("kind", Kind), Word("result", Result)


@click.group()
def evidence() -> None:
    """File evidence, list it, show where each value comes from, map many files at once."""


class DescriptionOptions(msgspec.Struct, frozen=True):
    """What is said of the files, in the order of the help."""

    controls: Annotated[
        tuple[str, ...],
        click.option(
            "-c",
            "--control",
            "controls",
            multiple=True,
            required=True,
            metavar="CONTROL",
            help="standard:control[#expectation] (again for more).",
        ),
    ]
    kind: Annotated[
        Kind | None,
        click.option("-k", "--kind", type=KIND, help="What it is; guessed if the controls expect one kind only."),
    ]
    result: Annotated[
        Result | None,
        click.option("-r", "--result", type=RESULT, help="How it came out; a scan or a test must say so."),
    ]
    date: Annotated[
        dt.date | None,
        click.option("-d", "--date", type=DAY, help="The day it speaks for; guessed from the file's name."),
    ]
    period: Annotated[Period | None, "The time it covers, START/END."]
    valid_from: Annotated[dt.date | None, "Only if the document itself says so."]
    valid_until: Annotated[dt.date | None, "Only if the document itself says so."]
    title: Annotated[
        str, click.option("-t", "--title", default="", help="What to call it; guessed from the file's name.")
    ]
    scopes: Annotated[
        tuple[str, ...],
        click.option(
            "--scope", "scopes", multiple=True, metavar="SCOPE", help="Which scope it serves (again for more)."
        ),
    ]
    per: Annotated[
        tuple[str, ...],
        click.option(
            "--per",
            multiple=True,
            metavar="CHAIN=NAME",
            help="The supplier, site, system or merchant it is of, or the event (event=ID).",
        ),
    ]
    owner: Annotated[str, "Who answers for it."]
    classification: Annotated[str, "Its marking."]
    source: Annotated[str, "Where it was got from."]
    supersedes: Annotated[
        str,
        click.option("--supersedes", default="", metavar="ID", help="The evidence that it replaces from its date on."),
    ]
    note: Annotated[str, "Anything else worth keeping."]
    allow_secret: Annotated[
        str | None,
        click.option(
            "--allow-secret",
            metavar="REASON",
            help="Why a key, a password or a card number may be in it; written into the record with your name.",
        ),
    ]


@evidence.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(readable=False))
@options(DescriptionOptions)
@click.option("--name", default="", help="What to call standard input, e.g. firewall.txt.")
@click.option("--folder", is_flag=True, help="File every file in the folders named.")
@click.option("--dry-run", is_flag=True, help="Say what would be filed, and file nothing.")
@click.option("--no-suggest", is_flag=True, help="Do not suggest other controls that the files would serve.")
@answers("reports.registers.evidence:EvidenceFiled")
@click.pass_context
def add(
    ctx: click.Context,
    files: tuple[str, ...],
    description_options: DescriptionOptions,
    name: str,
    folder: bool,
    dry_run: bool,
    no_suggest: bool,
    json_: bool,
) -> None:
    """File FILES as evidence for controls; `-` reads standard input.

    \b
    compliance evidence add asv-2026-09-30.pdf -c pci-dss:11.3.2#asv -r pass
    compliance evidence add minutes.md -c iso27001:9.3.3 -d 2026-06-11 -k minutes
    """
    from compliance.operations.evidence.add import Description, gather, lacks_result
    from compliance.operations.evidence.add import add as file_evidence
    from compliance.operations.evidence.add import plan as plan_evidence
    from compliance.operations.evidence.screening import Incoming

    if name and "-" not in files:
        hint = "add “-” to read it, or leave --name out: a file is called what it is called"
        raise refuse("--name is for standard input, which is not among the files", hint=hint)
    session = open_session(ctx)
    description = Description(
        **(msgspec.structs.asdict(description_options) | {"per": _pairs(description_options.per)})
    )
    if "-" not in files and sys.stdin.isatty():
        tested = lacks_result(session.ledger, description)
        if tested:
            result: Result = click.prompt(f"Result of the {tested.value}", type=RESULT, err=True)
            description = msgspec.structs.replace(description, result=result)
    with tempfile.TemporaryDirectory() as spool:
        incoming = gather([Path(path) for path in files if path != "-"], folder)
        if "-" in files:
            incoming.append(Incoming(_from_stdin(Path(spool), name), name or "standard-input"))
        planned = plan_evidence(session.workspace, session.ledger, incoming, description, session.day)
        for plan in planned:
            for guess in plan.guessed:
                click.echo(f"guessed: {printable(guess)}", err=True)
            show_problems(plan.notes)
        committed = [] if dry_run else file_evidence(session.workspace, planned)
    for commit in committed:
        show_problems(commit.notes)
    if json_:
        click.echo(as_json(_filed(planned, not dry_run)))
        return
    for plan in planned:
        verb = "Would file" if dry_run else "Recorded"
        click.echo(f"{verb} {plan.record.id}  {printable(plan.path)}")
    if not no_suggest:
        from compliance.cli.standards.related import suggested
        from compliance.operations.evidence.suggesting import suggest

        if may_serve := suggest(session.ledger, [plan.record for plan in planned], session.day):
            click.echo(suggested(may_serve, width()), err=True)


def _filed(planned: Sequence[PlannedRecord], filed: bool) -> EvidenceFiled:
    from compliance.reports.registers.evidence import EvidenceFiled, FiledView

    return EvidenceFiled(files=tuple(FiledView(plan.record.id, plan.path, plan.record_path, filed) for plan in planned))


def _from_stdin(spool: Path, name: str) -> Path:
    if not name:
        raise refuse(
            "standard input has no name", hint="give it one, with the ending that tells its type: --name export.csv"
        )
    target = spool / "input"
    with target.open("wb") as file:
        while chunk := sys.stdin.buffer.read(1 << 20):
            file.write(chunk)
    return target


def _pairs(texts: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    pairs = []
    for text in texts:
        form, example = "CHAIN=NAME", '--per supplier="Acme Hosting"'
        chain, name = split_pair(text, form, example)
        if chain not in {"supplier", "site", "system", "merchant", "event"}:
            raise not_a_pair(text, form, example)
        pairs.append((chain, name))
    return tuple(pairs)


class FilterOptions(msgspec.Struct, frozen=True):
    """Which evidence is listed: all of it that fits everything that is said."""

    control: Annotated[
        str, click.option("-c", "--control", default="", metavar="CONTROL", help="Mapped to this control.")
    ]
    standard: Annotated[
        str, click.option("-s", "--standard", default="", metavar="STANDARD", help="Mapped to this standard.")
    ]
    kind: Annotated[Kind | None, click.option("-k", "--kind", type=KIND, help="Of this kind.")]
    scope: Annotated[str, click.option("--scope", default="", metavar="SCOPE", help="Of this scope.")]
    since: Annotated[dt.date | None, "Dated on or after this day."]
    until: Annotated[dt.date | None, "Dated on or before this day."]
    text: Annotated[str, "With this in its title, path or owner."]
    unmapped: Annotated[bool, "Mapped to no control."]

    def fits(self, item: Evidence, control: Reference | None, default_scope: str) -> bool:
        """Whether a piece fits, where `control` is the one that is named, if one is."""
        return all(
            (
                control is None or any(_speaks_to(reference, control) for reference in item.controls),
                not self.standard
                or any(reference.standard == self.standard.partition("@")[0] for reference in item.controls),
                self.kind is None or item.kind is self.kind,
                not self.scope or self.scope in (item.scope or (default_scope,)),
                self.since is None or (item.date is not None and item.date >= self.since),
                self.until is None or (item.date is not None and item.date <= self.until),
                not self.text or self.text.casefold() in f"{item.title}\n{item.path}\n{item.owner}".casefold(),
                not self.unmapped or not item.controls,
            )
        )


def _speaks_to(reference: Reference, control: Reference) -> bool:
    return (reference.standard, reference.control) == (control.standard, control.control) and (
        control.expectation in {"", reference.expectation}
    )


@evidence.command(name="list")
@options(FilterOptions)
@was_at
@answers("reports.registers.evidence:EvidenceList")
@click.pass_context
def list_(ctx: click.Context, filter_options: FilterOptions, at: str | None, json_: bool) -> None:
    """List evidence, newest first. Uncommitted files are named at the end: they do not count."""
    from compliance.reports.registers import evidence as report

    session = read_session(ctx, at)
    ledger = session.ledger
    if filter_options.standard:
        chosen_standards(ledger, (filter_options.standard,))
    if filter_options.scope:
        chosen_scopes(ledger, (filter_options.scope,))
    control = _control(ledger, filter_options.control) if filter_options.control else None
    pieces = [item for item in ledger.evidence if filter_options.fits(item, control, ledger.settings.default_scope)]
    pieces.sort(key=lambda item: (item.date or dt.date.min, item.id), reverse=True)
    show_answer(json_, lambda: report.list_view(pieces), lambda columns: report.list_as_text(pieces, columns))
    if not at:
        from compliance.gitrepo.process.process import Git
        from compliance.ledger.inspection.uncommitted import uncommitted_evidence

        show_problems(tuple(uncommitted_evidence(Git(session.workspace.place), ledger.settings.roots)))
    ctx.exit(session.code)


def _control(ledger: Ledger, text: str) -> Reference:
    from compliance.domain.ledger.lookup import find_control
    from compliance.workspace.shipped import shipped_standards

    reference, _, _ = find_control(ledger, text, shipped_standards())
    return reference


@evidence.command()
@click.argument("identifier", metavar="ID")
@was_at
@answers("reports.registers.evidence:EvidenceShown")
@click.pass_context
def show(ctx: click.Context, identifier: str, at: str | None, json_: bool) -> None:
    """Show one piece of evidence: what is said of it, by which source, and its history. ID may be a path."""
    from compliance.ledger.detail import detail_of
    from compliance.reports.registers import evidence as report

    session = read_session(ctx, at)
    item = _find(session.ledger.evidence, identifier)
    detail = detail_of(session.workspace, session.ledger, item)
    show_answer(json_, lambda: report.view(item, detail), lambda columns: report.as_text(item, detail, columns))
    ctx.exit(session.code)


@evidence.command()
@click.option("--all", "every", is_flag=True, help="Answered and declined ones too.")
@click.option("--owner", default="", help="Only what this person is to give.")
@click.option("--on", type=DAY, help="As it stands on this day.")
@answers("reports.registers.audits:RequestList")
@click.pass_context
def requests(ctx: click.Context, every: bool, owner: str, on: dt.date | None, json_: bool) -> None:
    """List what auditors ask for and have not got yet, as `compliance audit request list` does."""
    from compliance.cli.registers.audit_request import say_requests

    say_requests(ctx, "", every=every, owner=owner, on=on, json_=json_)


def _find(evidence: tuple[Evidence, ...], text: str) -> Evidence:
    from compliance.domain.terms.identifiers import EVIDENCE, normalised
    from compliance.problems import choice_hint

    wanted = normalised(text, EVIDENCE)
    fitting = [item for item in evidence if item.id == wanted] or [
        item for item in evidence if text in {item.path, item.record}
    ]
    if not fitting:
        ids = [item.id for item in evidence]
        hint = choice_hint(wanted, ids, otherwise="list it with: compliance evidence list")
        raise refuse(f"there is no evidence {text}", hint=hint)
    return fitting[0]


@evidence.command(name="map")
@click.argument("glob")
@click.option(
    "-c", "--control", "controls", multiple=True, metavar="CONTROL", help="What the files speak to (again for more)."
)
@click.option("-k", "--kind", type=KIND, help="What they are.")
@click.option("-r", "--result", type=RESULT, help="How they came out.")
@click.option("--date", "date_from", metavar="name|git|DATE", default="", help="Where their dates come from.")
@click.option("--name-pattern", default="", help="How the name states the date, e.g. scan-{day}{month}{year}.")
@click.option("--first-counts", is_flag=True, help="With --date git: the commit that first brought a file in counts.")
@click.option("-t", "--title", default="", help="What to call them.")
@click.option("--scope", "scopes", multiple=True, metavar="SCOPE", help="Which scope they serve.")
@click.option("--owner", default="", help="Who answers for them.")
@click.option("--classification", default="", help="Their marking.")
@click.option("--in", "folder", default="evidence", show_default=True, help="The folder whose map.yaml takes the rule.")
@click.option("--write", is_flag=True, help="Write the rule and commit it; without, it is only tried.")
@click.pass_context
def map_(ctx: click.Context, /, glob: str, folder: str, write: bool, **typed: Any) -> None:
    """Try a rule that maps many files at once, or write it: which files GLOB takes, and what they get.

    \b
    compliance evidence map 'logs/**/*.csv' -c pci-dss:10.4.1 -k record --date name
    """
    from compliance.operations.evidence.map import try_rule, write_rule
    from compliance.reports.registers import evidence as report

    session = open_session(ctx)
    tried = try_rule(session.workspace, session.ledger, folder.rstrip("/"), glob, typed)
    click.echo(report.rule_as_text(tried.text, tried.taken, width()))
    if write:
        committed = write_rule(session.workspace, tried)
        click.echo(f"Written to {tried.path} ({committed.commit[:10]})")
    else:
        click.echo("Tried only; add --write to keep it.")
