"""Names of controls carried over to another version of their standard, in the text of one file after the other."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from compliance.domain.ledger.roles import FileRole, Role
from compliance.domain.planning.migration import Destination, ManualStep, VersionRoute
from compliance.domain.registers.audits import AUDITS
from compliance.domain.terms.references import Reference, StandardName, parse_reference
from compliance.problems import counted
from compliance.store.records.records import front_matter
from compliance.store.text.located import Mapping, Node, Scalar, Sequence, decode_text
from compliance.store.text.yaml_editing import Respelling, respelled
from compliance.store.text.yaml_text import read_yaml

_BOM = b"\xef\xbb\xbf"
_PAST = ("closed", "done")
"""Fields that a record of a register has once it is settled; such records keep the names of the old version."""


class Carried(msgspec.Struct, frozen=True):
    """A file's new bytes; how many names were carried over, got their version or were taken out; the manual steps."""

    data: bytes
    along: int = 0
    pinned: int = 0
    taken_out: int = 0
    manual_steps: tuple[ManualStep, ...] = ()

    @property
    def what(self) -> str:
        parts = []
        if self.along:
            parts.append(f"{_names(self.along)} carried over")
        if self.taken_out:
            parts.append(f"{_names(self.taken_out)} of the old version taken out")
        if self.pinned:
            parts.append(f"{_names(self.pinned)} with the version written out")
        return ", ".join(parts)


def _names(count: int) -> str:
    return counted(count, "name")


class _WrittenName(msgspec.Struct, frozen=True):
    """A control's name in a list (or alone), with what it names."""

    value: Scalar
    within: Sequence | None
    names: Reference


class Carrier:
    """Carries names from one version to the other.

    Added beside those to the old version, or, `dropping`, in their place. Where only the old version is `in_use`, a
    name without version means it, and gets it written out; where several are, it is left for a person.
    """

    def __init__(self, route: VersionRoute, in_use: list[StandardName], dropping: bool) -> None:
        self._route, self._dropping = route, dropping
        self._old, self._new = route.comparison.old, route.comparison.new
        self._pinning, self._ambiguous = in_use == [self._old], len(in_use) > 1

    def file(self, path: str, data: bytes, role: FileRole) -> Carried:
        """A file with its names carried over. Raises Refused if it cannot be read, or edited in place."""
        if role is Role.MARKDOWN:
            block = front_matter(data)
            if block is None:
                return Carried(data)
            start = data.index(block, 3)
            carried = self._text(path, decode_text(block, path, first_line=2), 2, role)
            return msgspec.structs.replace(carried, data=data[:start] + carried.data + data[start + len(block) :])
        carried = self._text(path, decode_text(data, path), 1, role)
        return msgspec.structs.replace(carried, data=_BOM + carried.data) if data.startswith(_BOM) else carried

    def _text(self, path: str, text: str, first_line: int, role: FileRole) -> Carried:
        node, source = read_yaml(text, path, first_line)
        if role is Role.MARKDOWN:
            node = node.entries["evidence"].value if isinstance(node, Mapping) and "evidence" in node.entries else None
        changes: list[Respelling] = []
        steps: list[ManualStep] = []
        along = pinned = taken_out = 0
        for value, within in _standards(node):
            if self._pinning and value.text == self._old.id:
                changes.append(Respelling(value, (str(self._old),), within))
                pinned += 1
        past = role is AUDITS or (isinstance(node, Mapping) and any(word in node.entries for word in _PAST))
        for listed in _lists(node, self._old.id):
            for written in listed.names:
                onward = None if past else self._route.of(written.names.control, (written.names.expectation,))
                now = self._replacement(written, onward, listed)
                if now is not None:
                    changes += listed.changed(written, now)
                    arrived = any(name.version == self._new.version and name not in listed.present for name in now)
                    along += arrived
                    taken_out += not arrived and all(name.version != self._old.version for name in now)
                    pinned += not written.names.version and any(name.version == self._old.version for name in now)
                if not written.names.version and self._ambiguous:
                    reason = "says no version, and two are in use: write the one that is meant"
                    steps.append(ManualStep(path, source.line_of(written.value.place), str(written.names), reason))
                elif onward and onward.reason and now != () and self._waits(written, onward, listed):
                    named = str(_of(written.names, self._old, written.names.control))
                    line = source.line_of(written.value.place)
                    steps.append(ManualStep(path, line, named, onward.reason, onward.looked_at))
        return Carried(respelled(source, changes).encode(), along, pinned, taken_out, tuple(steps))

    def _means_old(self, names: Reference) -> bool:
        return names.version == self._old.version or (self._pinning and not names.version)

    def _waits(self, written: _WrittenName, onward: Destination, listed: _ControlNames) -> bool:
        return self._means_old(written.names) and not self._settled(onward, listed)

    def _settled(self, onward: Destination, listed: _ControlNames) -> bool:
        """Whether a person has decided already, by naming a candidate control of the new version in the same list."""
        return any(
            reference.version == self._new.version and reference.control in onward.looked_at
            for reference in listed.present
        )

    def _replacement(
        self, written: _WrittenName, onward: Destination | None, listed: _ControlNames
    ) -> tuple[Reference, ...] | None:
        """What stands in the place of a name; None if it stays as it is."""
        names = written.names
        if not self._means_old(names):
            return None
        pinned = _of(names, self._old, names.control)
        as_it_is = None if names.version else (pinned,)
        if onward is None:
            return as_it_is
        if onward.control:
            target = _of(names, self._new, onward.control)
            if not self._dropping:
                return as_it_is if target in listed.present else (pinned, target)
            elsewhere = target in listed.present and not listed.beside(written, target)
            return () if elsewhere and listed.may_go(written) else (target,)
        settled = self._settled(onward, listed) or not onward.looked_at
        return () if self._dropping and settled and listed.may_go(written) else as_it_is


class _ControlNames:
    """The controls of a standard that one record or rule names, in `controls` and `also` together."""

    def __init__(self, names: list[_WrittenName]) -> None:
        self.names = names
        self.present = {name.names for name in names}
        self._items = {name.within: len(name.within.items) for name in names if name.within is not None}

    def beside(self, written: _WrittenName, target: Reference) -> bool:
        """Whether a name stands in the same list."""
        return self._twin(written, target) is not None

    def may_go(self, written: _WrittenName) -> bool:
        """Whether its list holds anything else: a list with nothing in it would say that there are no controls."""
        return written.within is not None and self._items[written.within] > 1

    def changed(self, written: _WrittenName, now: tuple[Reference, ...]) -> list[Respelling]:
        """A name spelled anew; what stood in the list already as it now does goes, so that nothing is named twice."""
        changes = [Respelling(written.value, tuple(str(name) for name in now), written.within)]
        twin = self._twin(written, now[0]) if len(now) == 1 else None
        if twin is not None:
            changes.append(Respelling(twin.value, (), twin.within))
        if written.within is not None and (twin is not None or not now):
            self._items[written.within] -= 1
        return changes

    def _twin(self, written: _WrittenName, names: Reference) -> _WrittenName | None:
        return next(
            (
                other
                for other in self.names
                if other is not written
                and other.names == names
                and written.within is not None
                and other.within == written.within
            ),
            None,
        )


def _of(names: Reference, standard: StandardName, control: str) -> Reference:
    return msgspec.structs.replace(names, version=standard.version, control=control)


def _mappings(node: Node | None) -> Iterator[Mapping]:
    if isinstance(node, Mapping):
        yield node
        for entry in node.entries.values():
            yield from _mappings(entry.value)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _mappings(item)


def _scalars(node: Node) -> list[tuple[Scalar, Sequence | None]]:
    if isinstance(node, Scalar):
        return [(node, None)]
    items = node.items if isinstance(node, Sequence) else ()
    return [(item, node) for item in items if isinstance(item, Scalar) and isinstance(node, Sequence)]


def _standards(node: Node | None) -> Iterator[tuple[Scalar, Sequence | None]]:
    """Each place that names a standard: of an accreditation, a statement, an audit, an overlay."""
    for mapping in _mappings(node):
        for key in ("standard", "standards", "overlay"):
            if key in mapping.entries:
                yield from _scalars(mapping.entries[key].value)


def _lists(node: Node | None, standard: str) -> Iterator[_ControlNames]:
    for mapping in _mappings(node):
        names = []
        for key in ("controls", "also"):
            for value, within in _scalars(mapping.entries[key].value) if key in mapping.entries else ():
                try:
                    reference = parse_reference(value.text)
                except ValueError:
                    continue
                if reference.standard == standard:
                    names.append(_WrittenName(value, within, reference))
        if names:
            yield _ControlNames(names)
