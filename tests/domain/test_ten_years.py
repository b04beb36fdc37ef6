"""Ten years of a council with four accreditations, day by day, against a timeline that was written by hand.

Fernmoor Borough Council is invented. Its audits run late, one certificate lapses and is restored, another is suspended
and withdrawn, and a body is changed. The schemes are those that ship.
"""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from compliance.domain.registers.certificates.accreditation import Grant
from compliance.domain.registers.certificates.cycles import dues
from compliance.domain.registers.certificates.order import order_faults
from compliance.domain.registers.certificates.states import state_on
from compliance.domain.registers.certificates.succession import Barred, succeed
from compliance.domain.terms.vocabulary import STATUS_CHANGES

from ..builders.ledgers import cycle, day, happened, held
from .test_cycles_by_rule import ISO, PCI, PSN, SERVICE, rules

FIRST, LAST = date(2019, 1, 1), date(2028, 12, 31)
SCHEMES = {"27001": ISO, "20000": SERVICE, "psn": PSN, "pci": PCI}
TARGETS = {"27001": "2019-06-30", "20000": "2020-12-31", "psn": "2019-02-28", "pci": "2019-09-30"}
BODIES = {"27001": "Alder Certification", "20000": "Alder Certification", "psn": "PSN team", "pci": "Acquirer"}

HAPPENED = """
2019-02-01 psn   granted          expires 2020-01-31
2019-03-12 27001 stage-1
2019-05-14 27001 stage-2
2019-06-03 27001 granted
2019-09-30 pci   granted
2020-01-20 psn   granted          expires 2021-01-31
2020-05-20 27001 surveillance
2020-09-28 pci   granted
2020-10-06 20000 stage-2
2020-11-16 20000 with-conditions
2021-02-15 20000 conditions-met
2021-03-15 psn   granted
2021-09-30 pci   granted
2021-11-09 20000 surveillance
2022-01-05 27001 suspended
2022-01-18 27001 surveillance
2022-02-01 27001 restored
2022-03-01 psn   granted
2022-04-05 27001 recertification
2022-05-20 27001 granted
2022-09-30 pci   granted
2022-12-01 20000 surveillance
2023-02-20 psn   granted
2023-05-10 27001 surveillance
2023-09-29 pci   granted
2024-02-01 27001 transferred      to Beech Assurance
2024-02-20 psn   granted
2024-09-10 20000 stage-2
2024-09-27 pci   granted
2024-10-01 20000 anew
2024-11-12 27001 surveillance
2025-02-19 psn   with-conditions
2025-05-01 psn   conditions-met
2025-09-15 27001 granted
2025-09-26 pci   granted
2025-10-20 20000 suspended
2026-03-01 20000 withdrawn
2026-09-25 pci   granted
2026-10-01 27001 surveillance
2027-06-10 27001 surveillance
2027-09-24 pci   granted
2028-05-30 27001 granted
2028-09-22 pci   granted
"""

EXPECTED = """
2019-01-01 27001 sought          until 2019-06-30 Alder Certification
2019-01-01 20000 sought          until 2020-12-31 Alder Certification
2019-01-01 psn   sought          until 2019-02-28 PSN team
2019-01-01 pci   sought          until 2019-09-30 Acquirer
2019-02-01 psn   held            until 2020-01-31 PSN team
2019-06-03 27001 held            until 2022-06-03 Alder Certification
2019-09-30 pci   held            until 2020-09-30 Acquirer
2020-01-20 psn   held            until 2021-01-31 PSN team
2020-09-28 pci   held            until 2021-09-28 Acquirer
2020-11-16 20000 with-conditions until 2023-11-16 Alder Certification
2021-02-01 psn   lapsed          until -          PSN team
2021-02-15 20000 held            until 2023-11-16 Alder Certification
2021-03-15 psn   held            until 2022-03-15 PSN team
2021-09-29 pci   lapsed          until -          Acquirer
2021-09-30 pci   held            until 2022-09-30 Acquirer
2022-01-05 27001 suspended       until 2022-06-03 Alder Certification
2022-02-01 27001 held            until 2022-06-03 Alder Certification
2022-03-01 psn   held            until 2023-03-01 PSN team
2022-05-20 27001 held            until 2025-06-03 Alder Certification
2022-09-30 pci   held            until 2023-09-30 Acquirer
2023-02-20 psn   held            until 2024-02-20 PSN team
2023-09-29 pci   held            until 2024-09-29 Acquirer
2023-11-17 20000 restorable      until 2024-05-16 Alder Certification
2024-02-01 27001 held            until 2025-06-03 Beech Assurance
2024-02-20 psn   held            until 2025-02-20 PSN team
2024-05-17 20000 lapsed          until -          Alder Certification
2024-09-27 pci   held            until 2025-09-27 Acquirer
2024-10-01 20000 held            until 2027-10-01 Alder Certification
2025-02-19 psn   with-conditions until 2026-02-19 PSN team
2025-05-01 psn   held            until 2026-02-19 PSN team
2025-06-04 27001 restorable      until 2025-12-03 Beech Assurance
2025-09-15 27001 held            until 2028-06-03 Beech Assurance
2025-09-26 pci   held            until 2026-09-26 Acquirer
2025-10-02 20000 surveillance of 2025-10-01 overdue
2025-10-20 20000 suspended       until 2026-04-20 Alder Certification
2026-01-01 20000 surveillance of 2025-10-01 settled
2026-02-20 psn   lapsed          until -          PSN team
2026-03-01 20000 withdrawn       until -          Alder Certification
2026-09-25 pci   held            until 2027-09-25 Acquirer
2027-09-24 pci   held            until 2028-09-24 Acquirer
2028-05-30 27001 held            until 2031-06-03 Beech Assurance
2028-09-22 pci   held            until 2029-09-22 Acquirer
"""


def apply(accreditation, scheme, line):
    """The accreditation after a line of the log."""
    on, _, what, *more = line.split(maxsplit=3)
    said = more[0].split(maxsplit=1)[1] if more else ""
    if what in {"granted", "with-conditions", "anew"}:
        outcome = Grant.WITH_CONDITIONS if what == "with-conditions" else None
        begun = succeed(scheme, accreditation, cycle(on, said or None), outcome=outcome, anew=what == "anew")
        assert not isinstance(begun, Barred), begun
        return msgspec.structs.replace(accreditation, cycles=(*accreditation.cycles, begun[0]))
    one = happened(what, on, body=said)
    assert what in STATUS_CHANGES or scheme.event(what)
    if not accreditation.cycles:
        return msgspec.structs.replace(accreditation, events=(*accreditation.events, one))
    *before, last = accreditation.cycles
    last = msgspec.structs.replace(last, events=(*last.events, one))
    return msgspec.structs.replace(accreditation, cycles=(*before, last))


def seen(name, accreditation, on):
    """How it stands, and the surveillance audits that are overdue, in the words of the timeline."""
    scheme = rules(SCHEMES[name])
    state = state_on(scheme, accreditation, on)
    stands = f"{state.status.value:15} until {state.until or '-'!s:10} {accreditation.body_on(on)}"
    late = {
        f"surveillance of {one.due}"
        for one in dues(scheme, accreditation, on)
        if one.event.id == "surveillance" and not one.done and one.due < on
    }
    return stands, late


def days():
    return (FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1))


def changes(name, told):
    """The days on which what is seen changes."""
    before, late = "", set()
    for on, (stands, now_late) in told:
        if stands != before:
            yield f"{on} {name:5} {stands}"
        yield from (f"{on} {name:5} {one} overdue" for one in sorted(now_late - late))
        yield from (f"{on} {name:5} {one} settled" for one in sorted(late - now_late))
        before, late = stands, now_late


def walk():
    """Each accreditation as it was recorded by the end of each day."""
    now = {
        name: held(id=f"A-{name}", standard=SCHEMES[name], target=TARGETS[name], body=BODIES[name]) for name in SCHEMES
    }
    log = HAPPENED.strip().splitlines()
    for on in days():
        while log and log[0].startswith(str(on)):
            line = log.pop(0)
            name = line.split()[1]
            now[name] = apply(now[name], rules(SCHEMES[name]), line)
            assert list(order_faults(rules(SCHEMES[name]), now[name])) == []
        yield on, dict(now)
    assert not log


def expected():
    return sorted(EXPECTED.strip().splitlines())


def test_the_ten_years_as_they_were_seen_on_each_day():
    told = list(walk())
    found = [line for name in SCHEMES for line in changes(name, ((on, seen(name, now[name], on)) for on, now in told))]
    assert sorted(found) == expected()


def test_what_is_recorded_at_the_end_tells_the_same_of_every_day():
    """A cycle is kept, never overwritten: the past can be asked for ever after."""
    *_, (_, final) = walk()
    found = [line for name in SCHEMES for line in changes(name, ((on, seen(name, final[name], on)) for on in days()))]
    assert sorted(found) == expected()
    assert {name: len(one.cycles) for name, one in final.items()} == {"27001": 4, "20000": 2, "psn": 7, "pci": 10}


def test_along_the_way_what_cannot_be_is_refused():
    told = dict(walk())
    now = told[day("2022-01-20")]["27001"]
    assert "is suspended since 2022-01-05" in succeed(rules(ISO), now, cycle("2022-01-20")).sentence
    now = told[day("2024-09-30")]["20000"]
    assert "could be restored until 2024-05-16" in succeed(rules(SERVICE), now, cycle("2024-09-30")).sentence
    now = told[LAST]["20000"]
    assert "was withdrawn on 2026-03-01" in succeed(rules(SERVICE), now, cycle("2028-12-31")).sentence
