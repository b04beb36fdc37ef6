"""`compliance standards related`: the controls of other standards that speak of the same things."""

from __future__ import annotations

import textwrap
from collections.abc import Container, Sequence
from typing import TYPE_CHECKING

import click

from compliance.cli.misuse import WrongUse
from compliance.cli.options import answers, show_answer
from compliance.cli.standards.known import here_if_any
from compliance.domain.ledger.ledger import Ledger
from compliance.domain.standards.catalogue import Catalogue
from compliance.domain.standards.crosswalk import DEFAULT_HOPS, MOST_HOPS, Crosswalk
from compliance.domain.terms.references import Reference, StandardName
from compliance.problems import must_parse, printable, refuse

if TYPE_CHECKING:
    from compliance.operations.evidence.suggesting import Suggestion


@click.command()
@click.argument("name", metavar="CONTROL", required=False)
@click.option("--to", "to", metavar="STANDARD", help="Only to this standard.")
@click.option(
    "--hops",
    type=click.IntRange(1, MOST_HOPS),
    metavar="N",
    help=f"At most so many relations in a row (by default {DEFAULT_HOPS}, at most {MOST_HOPS}).",
)
@click.option("--coverage", is_flag=True, help="For each pair of standards: how many controls are related, and how.")
@answers("reports.standards.related:RelatedControls", "reports.standards.related:Coverage")
@click.pass_context
def related(
    ctx: click.Context, name: str | None, to: str | None, hops: int | None, coverage: bool, json_: bool
) -> None:
    """The controls of other standards that CONTROL is related to: how, by which way, and by whose judgement.

    Looks through the standards in use, and those that ship.

    \b
    compliance standards related pci-dss:11.3.2
    compliance standards related iso27001:A.8.8 --to psn-coco
    compliance standards related --coverage
    """
    from compliance.reports.standards import related as report

    if bool(name) == coverage:
        raise WrongUse("name a CONTROL, or ask for --coverage of all of them")
    here = here_if_any(ctx)
    ledger = here.ledger
    used = {catalogue.name: catalogue for _, catalogue in ledger.in_use()} if ledger else {}
    catalogues = [*used.values(), *_shipped({catalogue.id for catalogue in used.values()})]
    if not name:
        pairs = report.pairs(catalogues, hops or DEFAULT_HOPS, _standard(to, catalogues, ledger) if to else None)
        show_answer(json_, lambda: report.coverage_view(pairs), lambda columns: report.pairs_as_text(pairs, columns))
        ctx.exit(here.code)
    start, mine = _control(name, catalogues, ledger)
    catalogues = _with(mine, catalogues, used)
    wanted = _standard(to, catalogues, ledger) if to else None
    catalogues = _with(wanted, catalogues, used) if wanted else catalogues
    if wanted and wanted.id == mine.id:
        hint = "how its versions differ: compliance standards diff OLD NEW"
        raise refuse(f"{start.control} is of {wanted.name} itself", hint=hint)
    answer = report.Related(
        start=start,
        crosswalk=Crosswalk(catalogues),
        catalogues=tuple(catalogue for catalogue in catalogues if wanted is None or catalogue is wanted),
        used=frozenset(used),
        hops=hops or DEFAULT_HOPS,
    )
    show_answer(json_, lambda: report.related_view(answer), lambda columns: report.as_text(answer, columns))
    ctx.exit(here.code)


def _shipped(used: set[str]) -> list[Catalogue]:
    """The newest shipped version of each standard that is not in use."""
    from compliance.operations.standards.standards import shipped
    from compliance.workspace.shipped import shipped_catalogues

    files = shipped_catalogues()
    ids = sorted({name.partition("@")[0] for name in files})
    return [shipped(standard, files)[0] for standard in ids if standard not in used]


def _with(wanted: Catalogue, catalogues: list[Catalogue], used: Container[StandardName]) -> list[Catalogue]:
    """The catalogues with one more, in place of the version that would have been looked at without being in use."""
    return [
        wanted,
        *(other for other in catalogues if other is not wanted and (other.id != wanted.id or other.name in used)),
    ]


def _control(text: str, catalogues: list[Catalogue], ledger: Ledger | None) -> tuple[Reference, Catalogue]:
    """The control or heading that a person names. Raises Refused, with the nearest ones."""
    from compliance.domain.standards.catalogue import walk
    from compliance.domain.terms.references import parse_reference
    from compliance.problems import choice_hint

    wanted = must_parse(parse_reference, text)
    catalogue = _standard(str(StandardName(wanted.standard, wanted.version)), catalogues, ledger)
    ids = [node.control.id for node in walk(catalogue)]
    if wanted.control not in ids:
        raise refuse(
            f"{catalogue.name} has no control {wanted.control}",
            hint=choice_hint(wanted.control, ids) or f"list them with: compliance standards show {catalogue.name}",
        )
    return Reference(catalogue.id, wanted.control, catalogue.version), catalogue


def _standard(text: str, catalogues: list[Catalogue], ledger: Ledger | None) -> Catalogue:
    """The standard that a person names: one that is looked through, or else any of the workspace, or that ships."""
    from compliance.domain.terms.references import parse_standard
    from compliance.operations.standards.standards import known_catalogue
    from compliance.workspace.shipped import shipped_catalogues

    wanted = must_parse(parse_standard, text)
    fitting = [
        candidate for candidate in catalogues if candidate.id == wanted.id and wanted.version in {"", candidate.version}
    ]
    return fitting[0] if len(fitting) == 1 else known_catalogue(text, ledger, shipped_catalogues())


def suggested(suggestions: Sequence[Suggestion], width: int) -> str:
    """Other controls that files would serve, why each is suggested, and what to type to file them for these too."""
    lines = ["It may serve other controls as well; look at each before you say so:"]
    for suggestion in suggestions:
        lines.append(printable(f"  {suggestion.reference}  {suggestion.now.judgement.verdict.value}"))
        wanted = f"; wanted: {suggestion.now.what}" if suggestion.now.what else ""
        why = f"{_because(suggestion)}{wanted}"
        lines += textwrap.wrap(printable(why), width, initial_indent="    ", subsequent_indent="    ")
    options = " ".join(
        f"-c\0{suggestion.reference}" for suggestion in suggestions
    )  # an option and its value stay on one line
    lines += textwrap.wrap(f"for these too: {options}", width, subsequent_indent="  ", break_on_hyphens=False)
    return "\n".join(lines).replace("\0", " ")


def _because(suggestion: Suggestion) -> str:
    """Why a control is suggested: by which relation and whose, or because the document is one and the same."""
    hop = suggestion.relation
    if hop is None:
        return "the same document"
    part = f"as part of {hop.here.control}, " if hop.here.control != suggestion.reference.control else ""
    judge = hop.source or "nobody named"
    return f"{part}{hop.type.value} {hop.there.standard}:{hop.there.control} ({judge})"
