"""`compliance evidence`: add, list, show, map; and, from their own modules, what happens to a piece later."""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import click
import msgspec

from compliance.cli.daily import evidence_amending as amending
from compliance.cli.daily import evidence_keeping as keeping
from compliance.cli.daily.evidence_options import KIND, RESULT, DescriptionOptions, description_of
from compliance.cli.daily.evidence_review import approve, ask_changes, reject
from compliance.cli.options import answers, options, show_answer, was_at
from compliance.cli.session import (
    Session,
    chosen_scopes,
    chosen_standards,
    open_session,
    read_session,
    show_problems,
    width,
)
from compliance.cli.values import DAY, Word
from compliance.domain.assessment.pieces import PieceStandings, PieceState
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.records import Evidence
from compliance.domain.terms.references import Reference
from compliance.domain.terms.vocabulary import Kind, Result
from compliance.problems import printable, refuse
from compliance.reports.parts.answers import as_json

if TYPE_CHECKING:
    from compliance.operations.evidence.add import PlannedRecord
    from compliance.reports.registers.evidence import EvidenceFiled


@click.group()
def evidence() -> None:
    """File evidence, list it, show where each value comes from, map many files at once."""


@evidence.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(readable=False))
@options(DescriptionOptions)
@click.option("--name", default="", help="What to call standard input, e.g. firewall.txt.")
@click.option("--folder", is_flag=True, help="File every file in the folders named.")
@click.option("--reference", is_flag=True, help="Record hash, size and --at of a file; its bytes stay out of git.")
@click.option("--at", "location", default="", metavar="LOCATION", help="With --reference: where the file lies.")
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
    reference: bool,
    location: str,
    dry_run: bool,
    no_suggest: bool,
    json_: bool,
) -> None:
    """File FILES as evidence for controls; `-` reads standard input.

    \b
    compliance evidence add asv-2026-09-30.pdf -c pci-dss:11.3.2#asv -r pass
    compliance evidence add minutes.md -c iso27001:9.3.3 -d 2026-06-11 -k minutes
    compliance evidence add pen-test.pdf --reference --at "SharePoint/Security" -c pci-dss:11.4.2 -r pass
    """
    from compliance.operations.evidence.add import add as file_evidence
    from compliance.operations.evidence.add import lacks_result
    from compliance.operations.evidence.add import plan as plan_evidence
    from compliance.operations.evidence.gathering import gather
    from compliance.operations.evidence.screening import Incoming

    if name and "-" not in files:
        hint = "add “-” to read it, or leave --name out: a file is called what it is called"
        raise refuse("--name is for standard input, which is not among the files", hint=hint)
    if reference != bool(location) or (reference and "-" in files):
        raise refuse("--reference and --at go together, with a file", hint='--reference --at "SharePoint/Security"')
    session = open_session(ctx)
    description = msgspec.structs.replace(description_of(description_options), location=location)
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
    standing: Annotated[
        PieceState | None,
        click.option("--standing", type=Word("standing", PieceState), help="That stands so: live, retired …"),
    ]
    awaiting: Annotated[
        str | None,
        click.option(
            "--awaiting",
            type=Word("kind of waiting", ("me", "approval")),
            help="approval: that waits for one; me: for one that you may give.",
        ),
    ]

    def fits_standing(self, state: PieceState, objection: str) -> bool:
        """Whether a piece stands as asked for, where `objection` is why whoever asks may not approve it."""
        if self.awaiting and (state is not PieceState.AWAITING_APPROVAL or (self.awaiting == "me" and objection)):
            return False
        return self.standing in (None, state)

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
    standings = PieceStandings(ledger)
    me = _me(session) if filter_options.awaiting == "me" else ""
    stands = {item.id: standings.of(item, session.day) for item in pieces}
    pieces = [
        item
        for item in pieces
        if filter_options.fits_standing(
            stands[item.id].state, ledger.approvers.objection_to(item, me, session.day) if me else ""
        )
    ]
    pieces.sort(key=lambda item: (item.date or dt.date.min, item.id), reverse=True)
    show_answer(
        json_, lambda: report.list_view(pieces, stands), lambda columns: report.list_as_text(pieces, stands, columns)
    )
    if not at:
        from compliance.gitrepo.process.process import Git
        from compliance.ledger.inspection.uncommitted import uncommitted_evidence

        show_problems(tuple(uncommitted_evidence(Git(session.workspace.place), ledger.settings.roots)))
    ctx.exit(session.code)


def _me(session: Session) -> str:
    from compliance.operations.registers.registering import committer

    return committer(session.workspace)


def _is_id(text: str) -> bool:
    from compliance.domain.terms.identifiers import EVIDENCE, is_identifier, normalised

    return is_identifier(normalised(text, EVIDENCE), EVIDENCE)


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
    from compliance.operations.evidence.filed import find_piece
    from compliance.reports.registers import evidence as report

    session = read_session(ctx, at)
    item = find_piece(session.ledger, identifier)
    detail = detail_of(session.workspace, session.ledger, item)
    stands = PieceStandings(session.ledger).of(item, session.day)
    show_answer(
        json_, lambda: report.view(item, detail, stands), lambda columns: report.as_text(item, detail, stands, columns)
    )
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


@evidence.command(name="map")
@click.argument("glob", metavar="GLOB|ID")
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
@amending.YES
@click.pass_context
def map_(ctx: click.Context, /, glob: str, folder: str, write: bool, yes: bool, **typed: Any) -> None:
    """Map what is filed to more controls: one piece by its ID, or many files by a rule.

    A rule is tried first, and written with --write: which files GLOB takes, and what they get.

    \b
    compliance evidence map E-7K2M9QXT -c iso27001:A.5.15
    compliance evidence map 'logs/**/*.csv' -c pci-dss:10.4.1 -k record --date name
    """
    if _is_id(glob):
        more = [name for name, value in typed.items() if value and name != "controls"]
        if more or write:
            hint = f"correct what it says otherwise: compliance evidence correct {glob}"
            raise refuse("one piece is mapped with --control alone", hint=hint)
        if not typed["controls"]:
            raise refuse("no control is named", hint="name one: --control standard:control")
        amending.map_more(ctx, glob, typed["controls"], yes=yes)
        return
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


for command in (
    *(approve, reject, ask_changes),
    *(keeping.hold, keeping.release, keeping.dispose, keeping.erase),
    *(amending.correct, amending.replace, amending.reaffirm, amending.withdraw, amending.pin),
):
    evidence.add_command(command)
