"""`compliance evidence`: add, list, show, map."""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from compliance.cli.session import (
    DAY,
    SPAN,
    Word,
    as_json,
    chosen_scopes,
    chosen_standards,
    ledger_at,
    surroundings_of,
    told,
    width,
    workspace_of,
)
from compliance.domain.ledger.records import Evidence
from compliance.domain.terms.vocabulary import Kind, Result
from compliance.problems import not_a_pair, printable, refuse, split_pair

KIND, RESULT = Word("kind", Kind), Word("result", Result)


@click.group()
def evidence() -> None:
    """File evidence, list it, show where each value comes from, map many files at once."""


@evidence.command()
@click.argument("files", nargs=-1, required=True, type=click.Path())
@click.option(
    "-c",
    "--control",
    "controls",
    multiple=True,
    required=True,
    metavar="CONTROL",
    help="standard:control[#expectation] (again for more).",
)
@click.option("-k", "--kind", type=KIND, help="What it is; guessed if the controls expect one kind only.")
@click.option("-r", "--result", type=RESULT, help="Of a scan, test or audit: pass, fail or conditional.")
@click.option("-d", "--date", "day", type=DAY, help="The day it speaks for; guessed from the file's name.")
@click.option("--period", type=SPAN, help="The time it covers, START/END.")
@click.option("--valid-from", type=DAY, help="Only if the document itself says so.")
@click.option("--valid-until", type=DAY, help="Only if the document itself says so.")
@click.option("-t", "--title", help="What to call it; guessed from the file's name.")
@click.option("--scope", "scopes", multiple=True, metavar="SCOPE", help="Which scope it serves (again for more).")
@click.option(
    "--per", "per", multiple=True, metavar="CHAIN=NAME", help="The supplier, site, system or merchant it is of."
)
@click.option("--owner", default="", help="Who answers for it.")
@click.option("--classification", default="", help="Its marking.")
@click.option("--source", default="", help="Where it was got from.")
@click.option("--supersedes", default="", metavar="ID", help="The evidence that it replaces from its date on.")
@click.option("--note", default="", help="Anything else worth keeping.")
@click.option("--name", default="", help="What to call standard input, e.g. firewall.txt.")
@click.option("--folder", is_flag=True, help="File every file in the folders named.")
@click.option("--dry-run", is_flag=True, help="Say what would be filed, and file nothing.")
@click.option("--no-suggest", is_flag=True, help="Do not suggest other controls that the files would serve.")
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
@click.pass_context
def add(
    ctx: click.Context,
    /,
    files: tuple[str, ...],
    controls: tuple[str, ...],
    per: tuple[str, ...],
    name: str,
    folder: bool,
    dry_run: bool,
    no_suggest: bool,
    json_: bool,
    **said: Any,
) -> None:
    """File FILES as evidence for controls; `-` reads standard input.

    \b
    compliance evidence add asv-2026-09-30.pdf -c pci-dss:11.3.2#asv -r pass
    compliance evidence add minutes.md -c iso27001:9.3.3 -d 2026-06-11 -k minutes
    """
    from compliance.operations.evidence.add import Given, Incoming, gather
    from compliance.operations.evidence.add import add as file_evidence
    from compliance.operations.evidence.add import plan as plan_evidence

    if name and "-" not in files:
        hint = "add “-” to read it, or leave --name out: a file is called what it is called"
        raise refuse("--name is for standard input, which is not among the files", hint=hint)
    workspace = workspace_of(ctx)
    ledger, now = ledger_at(workspace, None)
    given = Given(
        controls=controls,
        kind=said["kind"],
        result=said["result"],
        date=said["day"],
        period=said["period"],
        valid_from=said["valid_from"],
        valid_until=said["valid_until"],
        title=said["title"] or "",
        scopes=said["scopes"],
        per=_pairs(per),
        owner=said["owner"],
        classification=said["classification"],
        source=said["source"],
        supersedes=said["supersedes"],
        note=said["note"],
    )
    with tempfile.TemporaryDirectory() as spool:
        named = [path for path in files if path != "-"]
        incoming = gather([Path(path) for path in named], folder)
        if "-" in files:
            incoming.append(Incoming(_from_stdin(Path(spool), name), name or "standard-input"))
        planned = plan_evidence(workspace, ledger, incoming, given, now)
        for one in planned:
            for guess in one.guessed:
                click.echo(f"guessed: {printable(guess)}", err=True)
            for note in one.notes:
                click.echo(note.render(), err=True)
        committed = [] if dry_run else file_evidence(workspace, planned)
    for done in committed:
        for note in done.notes:
            click.echo(note.render(), err=True)
    if json_:
        click.echo(
            as_json(
                [
                    {"id": one.record.id, "path": one.path, "record": one.record_path, "filed": not dry_run}
                    for one in planned
                ]
            )
        )
        return
    for one in planned:
        verb = "Would file" if dry_run else "Recorded"
        click.echo(f"{verb} {one.record.id}  {printable(one.path)}")
    if not (no_suggest or surroundings_of(ctx).rehearsal):  # nobody reads along
        from compliance.cli.standards.related import suggested
        from compliance.operations.evidence.suggesting import suggest

        if may_serve := suggest(ledger, [one.record for one in planned], now):
            click.echo(suggested(may_serve, width()), err=True)


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


@evidence.command(name="list")
@click.option("-c", "--control", default="", metavar="CONTROL", help="Mapped to this control.")
@click.option("-s", "--standard", default="", metavar="STANDARD", help="Mapped to this standard.")
@click.option("-k", "--kind", type=KIND, help="Of this kind.")
@click.option("--scope", default="", metavar="SCOPE", help="Of this scope.")
@click.option("--since", type=DAY, help="Dated on or after this day.")
@click.option("--until", type=DAY, help="Dated on or before this day.")
@click.option("--text", default="", help="With this in its title, path or owner.")
@click.option("--unmapped", is_flag=True, help="Mapped to no control.")
@click.option("--at", metavar="REV|DATE", help="As it was at this commit, or at the end of this day.")
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
@click.pass_context
def list_(
    ctx: click.Context,
    control: str,
    standard: str,
    kind: Kind | None,
    scope: str,
    since: dt.date | None,
    until: dt.date | None,
    text: str,
    unmapped: bool,
    at: str | None,
    json_: bool,
) -> None:
    """List evidence, newest first. Uncommitted files are named at the end: they do not count."""
    from compliance.reports.registers import evidence as report

    workspace = workspace_of(ctx)
    ledger, _ = ledger_at(workspace, at)
    code = told(ledger.problems)
    if standard:
        chosen_standards(ledger, (standard,))
    if scope:
        chosen_scopes(ledger, (scope,))
    if control:
        from compliance.domain.ledger.lookup import find_control
        from compliance.workspace.shipped import shipped_standards

        found, _, _ = find_control(ledger, control, shipped_standards())

    def fits(item: Evidence) -> bool:
        return (
            (
                not control
                or any(
                    (one.standard, one.control) == (found.standard, found.control)
                    and found.expectation in {"", one.expectation}
                    for one in item.controls
                )
            )
            and (not standard or any(one.standard == standard.partition("@")[0] for one in item.controls))
            and (kind is None or item.kind is kind)
            and (not scope or scope in (item.scope or (ledger.settings.default_scope,)))
            and (since is None or (item.date is not None and item.date >= since))
            and (until is None or (item.date is not None and item.date <= until))
            and (not text or text.casefold() in f"{item.title}\n{item.path}\n{item.owner}".casefold())
            and (not unmapped or not item.controls)
        )

    shown = sorted(
        (item for item in ledger.evidence if fits(item)),
        key=lambda item: (item.date or dt.date.min, item.id),
        reverse=True,
    )
    if json_:
        click.echo(as_json(report.list_as_plain(shown)))
    else:
        click.echo(report.list_as_text(shown, width()))
    if not at:
        from compliance.ledger.inspection.uncommitted import uncommitted_evidence

        for problem in uncommitted_evidence(workspace, ledger.settings.roots):
            click.echo(problem.render(), err=True)
    ctx.exit(code)


@evidence.command()
@click.argument("identifier", metavar="ID")
@click.option("--at", metavar="REV|DATE", help="As it was at this commit, or at the end of this day.")
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
@click.pass_context
def show(ctx: click.Context, identifier: str, at: str | None, json_: bool) -> None:
    """Show one piece of evidence: what is said of it, by which source, and its history. ID may be a path."""
    from compliance.ledger.detail import detail_of
    from compliance.reports.registers import evidence as report

    workspace = workspace_of(ctx)
    ledger, _ = ledger_at(workspace, at)
    code = told(ledger.problems)
    item = _found(ledger.evidence, identifier)
    detail = detail_of(workspace, ledger, item)
    click.echo(as_json(report.as_plain(item, detail)) if json_ else report.as_text(item, detail, width()))
    ctx.exit(code)


@evidence.command()
@click.option("--all", "every", is_flag=True, help="Answered and declined ones too.")
@click.option("--owner", default="", help="Only what this person is to give.")
@click.option("--on", type=DAY, help="As it stands on this day.")
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
@click.pass_context
def requests(ctx: click.Context, every: bool, owner: str, on: dt.date | None, json_: bool) -> None:
    """List what auditors ask for and have not got yet, as `compliance audit request list` does."""
    from compliance.cli.registers.audit_request import say_requests

    say_requests(ctx, "", every=every, owner=owner, on=on, json_=json_)


def _found(evidence: tuple[Evidence, ...], text: str) -> Evidence:
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
def map_(ctx: click.Context, /, glob: str, folder: str, write: bool, **said: Any) -> None:
    """Try a rule that maps many files at once, or write it: which files GLOB takes, and what they get.

    \b
    compliance evidence map 'logs/**/*.csv' -c pci-dss:10.4.1 -k record --date name
    """
    from compliance.operations.evidence.map import try_rule, write_rule
    from compliance.reports.registers import evidence as report

    workspace = workspace_of(ctx)
    ledger, _ = ledger_at(workspace, None)
    tried = try_rule(workspace, ledger, folder.rstrip("/"), glob, said)
    click.echo(report.rule_as_text(tried.text, tried.taken, width()))
    if write:
        committed = write_rule(workspace, tried)
        click.echo(f"Written to {tried.path} ({committed.commit[:10]})")
    else:
        click.echo("Tried only; add --write to keep it.")
