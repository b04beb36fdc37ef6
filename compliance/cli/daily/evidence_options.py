"""What can be said of evidence on the command line, when it is filed and later."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import click
import msgspec

from compliance.cli.values import DAY, Word
from compliance.domain.terms.periods import Period
from compliance.domain.terms.vocabulary import Kind, Result
from compliance.problems import not_a_pair, split_pair

if TYPE_CHECKING:
    from compliance.operations.evidence.add import Description

KIND, RESULT = Word("kind", Kind), Word("result", Result)


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


class ChangeOptions(DescriptionOptions, frozen=True):
    """What is said otherwise of a piece than was; what is not named stays."""

    controls: Annotated[
        tuple[str, ...],
        click.option(
            "-c",
            "--control",
            "controls",
            multiple=True,
            metavar="CONTROL",
            help="In place of those that it is mapped to (again for more).",
        ),
    ]


def description_of(typed: DescriptionOptions) -> Description:
    """The description that options make. Raises Refused for a pair that is none."""
    from compliance.operations.evidence.add import Description

    return Description(**(msgspec.structs.asdict(typed) | {"per": _pairs(typed.per)}))


def _pairs(texts: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    pairs = []
    for text in texts:
        form, example = "CHAIN=NAME", '--per supplier="Acme Hosting"'
        chain, name = split_pair(text, form, example)
        if chain not in {"supplier", "site", "system", "merchant", "event"}:
            raise not_a_pair(text, form, example)
        pairs.append((chain, name))
    return tuple(pairs)
