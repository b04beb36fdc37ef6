"""What a register is: one value that says all of it, and that everything else iterates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

import msgspec

from compliance.domain.registers.parts.dues import Due, DueKind
from compliance.domain.registers.parts.faults import Fault, Path
from compliance.domain.registers.parts.series import Points
from compliance.domain.standards.catalogue import Catalogue
from compliance.domain.terms.layout import EVIDENCE
from compliance.domain.terms.references import StandardName
from compliance.domain.terms.spans import Spans
from compliance.domain.terms.verdicts import Reason, ReasonKind
from compliance.domain.terms.vocabulary import Result

if TYPE_CHECKING:
    from compliance.domain.registers.risks import RiskMatrix

Record = TypeVar("Record", bound=Any)


class Filed(msgspec.Struct, Generic[Record], frozen=True):
    """A record, the file that it is in, and whether that is committed as it stands."""

    file: str
    record: Record
    is_committed: bool = True


class NamedEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """Evidence that a record names: where in the record, and what it is to do for it, to be said after its id.

    It must have been live `on` a day, or `by` a day at the latest; where neither is said, the record relies on it
    still. `since` is the day of what it is to answer: older evidence can hardly show that. Of what `is_past` nothing
    more than its id is looked at.
    """

    at: Path
    id: str
    deed: str
    on: dt.date | None = None
    by: dt.date | None = None
    since: dt.date | None = None
    is_past: bool = False


class Listing(msgspec.Struct, Generic[Record], frozen=True, kw_only=True):
    """How a register's records are listed, and what is worked out of one on a day."""

    headings: tuple[str, ...]
    row: Callable[[LedgerView, Record, dt.date], Sequence[str]]
    """A record's cells below the headings; the last column takes the room that is left."""
    right: tuple[int, ...] = ()
    """The columns that are set to the right."""
    order: Callable[[LedgerView, Record, dt.date], Any]
    """What records are sorted by, before their ids."""
    is_open: Callable[[LedgerView, Record, dt.date], bool]
    """Whether a record is among those that a bare list shows."""
    closes: bool = True
    """Whether records are ever closed, so that there is more to show than the bare list."""
    facts: Callable[[LedgerView, Record, dt.date], Mapping[str, Any]]
    """What is worked out of a record: its state, its score, the day that is next."""
    details: Callable[[LedgerView, Record, dt.date], Mapping[str, Any]] = lambda _ledger, _record, _on: {}
    """What of other registers belongs to a record that is shown alone."""


class Register(msgspec.Struct, Generic[Record], frozen=True, kw_only=True, eq=False):
    """One kind of record that is kept between audits.

    It stands in a module of `compliance.domain.registers` under the module's name in capitals, and is found there by
    the registry. Its name, word, place and summary are literals, each on a line of its own: the help reads them from
    the source, because it must not import every register.
    """

    name: str
    """What one record is called: “finding”."""
    plural: str
    """The name of the module, and of the folder below `evidence/`: “findings”."""
    prefix: str
    """The letter that its ids begin with."""
    place: int
    """Where it stands among the registers: in the help, in reports, on the timeline."""
    summary: str
    """What it holds, for the help of the command line."""
    record: type[Record]
    inspect: Callable[[LedgerView, Record], Iterable[Fault]]
    """Everything that is wrong in a record.

    Its id, its scopes, its controls, and the records and the evidence that it names are looked at for all.
    """
    evidence: Callable[[Record], Iterable[NamedEvidence]] | None = None
    """The evidence that a record names, each piece with what it is to do: it must be there, and live."""
    inspect_together: Callable[[LedgerView, Sequence[Filed[Record]]], Iterable[tuple[str, Fault]]] | None = None
    """What is wrong between records, each fault with the file that it is in."""
    listing: Listing[Record]
    happened: tuple[str, ...] = ()
    """The fields with the day of a deed: a record that names a day to come there is not filed yet."""
    first_day: Callable[[Record], dt.date] | None = None
    """The day from which a record is there: a report about an earlier day leaves it out. None where no field says."""
    due_kinds: tuple[DueKind, ...] = ()
    """The kinds of what falls due that it alone makes."""
    dues: Callable[[LedgerView, Record, dt.date, dt.date], Iterable[Due]] | None = None
    """What of a record is open on a day and falls due; what recurs, up to a last day. None where nothing ever does."""
    reason_kinds: tuple[ReasonKind, ...] = ()
    """The kinds of reasons that its records may give controls."""
    reasons: Callable[[LedgerView, Record, dt.date], Iterable[Reason]] | None = None
    """What on a day makes the controls that a record names, in the scopes that it names, a gap whatever is filed."""
    remarks: Callable[[LedgerView, Record, dt.date], Iterable[str]] | None = None
    """What is to be shown beside those controls where they are a gap, and changes no verdict."""
    command: str = ""
    """The word for it on the command line, if that is not its name."""
    names: Mapping[str, str] = {}
    """The fields that name records of other registers, by id, with the plural of the register named."""
    ids_are_drawn: bool = False
    """Whether an id that somebody chose is refused."""
    has_series: bool = False
    """Whether a record has its figures in a CSV file beside it."""

    @property
    def word(self) -> str:
        """The word for it on the command line."""
        return self.command or self.name

    @property
    def folder(self) -> str:
        return f"{EVIDENCE}/{self.plural}"


class FiledEvidence(Protocol):
    """What a register may know of a piece of evidence."""

    @property
    def date(self) -> dt.date | None: ...
    @property
    def valid_until(self) -> dt.date | None: ...
    @property
    def result(self) -> Result | None: ...
    @property
    def is_inconclusive(self) -> bool:
        """Whether it says neither pass nor fail, though it should."""

    @property
    def is_void(self) -> bool:
        """Whether it was withdrawn, erased or rejected."""

    @property
    def days_in_force(self) -> Spans:
        """The days on which it may serve, however old it has grown: by what it prints, until it was taken back."""


class LedgerView(Protocol):
    """The ledger as a register sees it: what it may ask of what lies around its records."""

    @property
    def day(self) -> dt.date:
        """The day of the commit."""

    @property
    def catalogues(self) -> tuple[Catalogue, ...]: ...
    @property
    def holidays(self) -> frozenset[dt.date]: ...
    @property
    def points(self) -> Mapping[str, Points]:
        """The series of figures, by the id of their record."""

    @property
    def scope_ids(self) -> tuple[str, ...]:
        """Every scope, the default one first."""

    @property
    def risk_matrix(self) -> RiskMatrix: ...
    def of(self, register: Register[Record]) -> tuple[Record, ...]:
        """The records of a register."""

    def catalogue(self, name: StandardName) -> Catalogue | None: ...
    def is_in_use(self, standard_id: str) -> bool:
        """Whether the settings name a standard, whatever its version."""

    def profiles_in_use(self, scope_id: str, catalogue: Catalogue) -> tuple[str, ...] | None:
        """The profiles by which a standard is judged in a scope; None where it is not in use there."""

    def evidence_by_id(self, evidence_id: str) -> FiledEvidence | None: ...
