"""Evidence listed, shown, and the rules that map it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import msgspec

from compliance.domain.assessment.pieces import PieceStanding, PieceState
from compliance.domain.ledger.records import Evidence
from compliance.problems import counted, printable
from compliance.reports.parts.answers import Answer
from compliance.reports.parts.terminal import NARROWEST, beginning, table, wrapped


class PastCommit(Protocol):
    """A commit that touched the evidence."""

    @property
    def day(self) -> str: ...
    @property
    def commit(self) -> str: ...
    @property
    def author(self) -> str: ...
    @property
    def subject(self) -> str: ...


class EvidenceDetail(Protocol):
    """Where each value comes from, what review says, and the history, newest first."""

    @property
    def origins(self) -> Mapping[str, str]: ...
    @property
    def review(self) -> str: ...
    @property
    def history(self) -> Sequence[PastCommit]: ...


class TakenFile(Protocol):
    """A file that a rule takes, and the date it would get."""

    @property
    def path(self) -> str: ...
    @property
    def date(self) -> str: ...
    @property
    def note(self) -> str: ...


def list_as_text(evidence: Sequence[Evidence], stands: Mapping[str, PieceStanding], width: int) -> str:
    """One line for each piece, and how it stands where that is not live."""
    if not evidence:
        return "No evidence."
    rows = [
        (
            item.id,
            str(item.date or "undated"),
            item.kind.value if item.kind else "–",
            "\n".join(filter(None, (item.title, _standing(stands[item.id]), _controls(item), _outcome(item)))),
        )
        for item in evidence
    ]
    count = len(evidence)
    return (
        table(("Id", "Date", "Kind", "Title and controls"), rows, width, flexible=3)
        + f"\n{counted(count, 'piece')} of evidence"
    )


def _standing(stands: PieceStanding) -> str:
    """How a piece stands, if it is not live, and why."""
    if stands.state is PieceState.LIVE:
        return ""
    return f"{stands.words}: {printable(stands.why)}" if stands.why else stands.words


def _outcome(item: Evidence) -> str:
    """What is said of a piece that says neither pass nor fail."""
    if not item.is_inconclusive:
        return ""
    return "inconclusive" if item.result else "inconclusive: no result is given"


def _controls(item: Evidence) -> str:
    controls = ", ".join(str(reference) for reference in item.controls[:6])
    more = f" and {len(item.controls) - 6} more" if len(item.controls) > 6 else ""
    return (controls or "mapped to nothing") + more


class EvidenceView(Evidence, frozen=True, kw_only=True, omit_defaults=True):
    """A piece of evidence as JSON has it: its fields, but for those that say nothing."""

    controls: tuple[str, ...]  # type: ignore[assignment]  # references and periods as they are written
    period: str | None = None  # type: ignore[assignment]
    inconclusive: bool = False
    """Whether it says neither pass nor fail, or gives no result though its kind should."""
    standing: str = ""
    """How it stands on the day: live, superseded by …, retired on …, invalid, rejected, awaiting approval, erased."""


class EvidenceList(Answer, frozen=True, kw_only=True):
    """Pieces of evidence, newest first."""

    evidence: tuple[EvidenceView, ...]


def list_view(evidence: Sequence[Evidence], stands: Mapping[str, PieceStanding]) -> EvidenceList:
    """The list as `--json` has it."""
    return EvidenceList(evidence=tuple(_view(item, stands[item.id].words) for item in evidence))


def _view(item: Evidence, standing: str) -> EvidenceView:
    fields = msgspec.structs.asdict(item)
    fields["controls"] = tuple(str(reference) for reference in item.controls)
    fields["period"] = str(item.period) if item.period else None
    return EvidenceView(**fields, inconclusive=item.is_inconclusive, standing=standing)


class FiledView(msgspec.Struct, frozen=True):
    """A file that was filed, or would be: its id, where it lies, and where its record lies."""

    id: str
    path: str
    record: str
    filed: bool


class EvidenceFiled(Answer, frozen=True, kw_only=True):
    """The files that were filed, or would be."""

    files: tuple[FiledView, ...]


def as_text(item: Evidence, detail: EvidenceDetail, stands: PieceStanding, width: int) -> str:
    """One piece for a terminal: each value with the source it came from, the review, the history."""
    lines = [
        f"{item.id}  {printable(item.title)}",
        f"stands: {_standing(stands) or stands.words}",
        f"file: {printable(item.path)} ({item.size:,} bytes)",
        f"review: {printable(detail.review)}",
    ]
    if outcome := _outcome(item):
        lines.append(f"result: {outcome}")
    if item.undated:
        lines.append(f"undated: {printable(item.undated)}")
    if item.record:
        lines.append(f"record: {printable(item.record)}")
    said_by = {f"{item.path} (front matter)": "its front matter"}
    if item.record:
        said_by[item.record] = "its record"
    rows = []
    for name, value in _values(item):
        origin = detail.origins.get(name, "")
        rows.append((name.replace("_", "-"), value, said_by.get(origin, origin) or "the file itself"))
    lines += ["", table(("Field", "Value", "Said by"), rows, width, flexible=1)]
    if item.decisions:
        lines += ["", "Decisions"]
        for decision in item.decisions:
            note = f": {decision.note}" if decision.note else ""
            lines += wrapped(f"{decision.on} {decision.decision.value} by {decision.by}{note}", width, below="  ")
    if detail.history:
        lines += ["", "History"]
        lines += [
            beginning(printable(f"{past.day} {past.commit[:10]} {past.author}: {past.subject}"), max(width, NARROWEST))
            for past in detail.history
        ]
    return "\n".join(lines)


def _values(item: Evidence) -> list[tuple[str, str]]:
    plain = msgspec.to_builtins(_view(item, ""))
    skipped = {"path", "record", "decisions", "undated", "title", "size", "inconclusive"}
    return [
        (name, _flat(value))
        for name, value in plain.items()
        if name not in skipped and value not in (None, "", [], {}, ())
    ]


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key.replace('_', '-')} {below}" for key, below in value.items() if below not in {None, ""})
    if isinstance(value, list | tuple):
        return ", ".join(str(element) for element in value)
    return str(value)


class PastView(msgspec.Struct, frozen=True):
    """A commit that touched the evidence or its record."""

    day: str
    commit: str
    author: str
    subject: str


class EvidenceShown(Answer, frozen=True, kw_only=True):
    """One piece of evidence: by field which source says it, what review says, and its history, newest first."""

    evidence: EvidenceView
    origins: dict[str, str]
    review: str
    history: tuple[PastView, ...]


def view(item: Evidence, detail: EvidenceDetail, stands: PieceStanding) -> EvidenceShown:
    """One piece as `--json` has it."""
    return EvidenceShown(
        evidence=_view(item, stands.words),
        origins=dict(detail.origins),
        review=detail.review,
        history=tuple(PastView(past.day, past.commit, past.author, past.subject) for past in detail.history),
    )


def rule_as_text(rule: str, taken: Sequence[TakenFile], width: int) -> str:
    """A rule and the files it takes."""
    if not taken:
        return f"{rule}\nIt takes no file that is committed now."
    rows = [(f"{file.path}\n{file.note}" if file.note else file.path, file.date) for file in taken]
    return f"{rule}\n" + table(("File", "Date"), rows, width, flexible=0) + f"\n{counted(len(taken), 'file')}"
