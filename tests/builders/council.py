"""A small council's workspace, the same to the byte on every machine: what the golden reports are made from."""

from __future__ import annotations

from pathlib import Path

from .workspaces import CONFIGURATION, Workspace, begin_workspace, described

OFFICER = {"by": "A. Officer <a.officer@example.org>", "on": "2025-11-10"}
SETTINGS = (
    CONFIGURATION
    + """
[review]
kinds = ["contract"]

[[scopes]]
id = "payments"
title = "Card payments"
parent = "corporate"
start = 2025-11-01
"""
)
ACCREDITATION = """\
id: A-2ABCDEFG
standard: acme@1
scope: corporate
title: Acme certificate
body: Fictional Certification Ltd
owner: Head of ICT
cycles:
  - granted: 2023-03-01
    expires: 2026-02-28
    certificate: FC 1000
    events:
      - {event: surveillance, on: 2024-02-20}
      - {event: surveillance, on: 2025-02-18, outcome: passed, note: Two observations}
planned:
  - {event: recertification, on: 2026-01-20}
"""
SOUGHT = "id: A-3ABCDEFG\nstandard: acme@1\nscope: payments\ntarget: 2026-09-30\n"
APPLICABILITY = """\
id: S-2ABCDEFG
standard: acme@1
scope: payments
controls:
  - {control: B.2, applies: false, reason: Nobody starts here, review: 2026-06-30}
  - {control: A.2, inherits: {scope: corporate}}
"""
FINDING = """\
id: F-2ABCDEFG
type: major
title: The register leaves out the schools | and *more*
raised: 2025-12-10
controls: [acme:A.3]
scope: [corporate]
"""
EVENTS = {
    "evidence/events/starter.EV000001.yaml": "id: V-EV000001\ntype: starter\ndate: 2025-12-15\ntitle: A starter\n",
    "evidence/events/nil.EV000002.yaml": "id: V-EV000002\ntype: starter\ndate: 2025-11-30\nnil: true\n"
    "period: 2025-01-01/2025-11-30\n",
}
RULES = """\
rules:
  - {match: "firewall/**", kind: configuration, date: git, controls: [acme:A.2], owner: Network team}
  - {match: "assets-*.csv", kind: register, date: name, controls: [acme:A.3], scope: [corporate, payments]}
"""


def council(top: Path) -> Workspace:
    """The workspace, asked about after every commit."""
    workspace = begin_workspace(top, **{"compliance.toml": SETTINGS})
    for when, message, files in _history():
        workspace.record(files, when, message)
        workspace.run("gaps")
    return workspace


def _history() -> list[tuple[str, str, dict[str, str | bytes]]]:
    return [
        (
            "2025-11-10",
            "Certificates and rules",
            {
                "evidence/accreditations/acme.2ABCDEFG.yaml": ACCREDITATION,
                "evidence/accreditations/payments.3ABCDEFG.yaml": SOUGHT,
                "evidence/applicability/payments.2ABCDEFG.yaml": APPLICABILITY,
                "evidence/map.yaml": RULES,
                "evidence/firewall/edge.txt": "allow 443\n",
                "evidence/assets-2025-10.csv": "laptop,7\n",
                **EVENTS,
            },
        ),
        (
            "2025-11-24",
            "Scans",
            {
                **filed("E-SCAN0001", "ASV scan", kind="scan", result="pass", date="2025-08-20", controls=["acme:A.1"]),
                **filed("E-SCAN0002", "ASV scan", kind="scan", result="pass", date="2025-11-20", controls=["acme:A.1"]),
                "evidence/firewall/edge.txt": "allow 443\ndeny all\n",
            },
        ),
        (
            "2026-01-12",
            "Policy, contract, finding",
            {
                **filed(
                    "E-PCY00001",
                    "Security policy, <first> edition & |annexes|",
                    kind="policy",
                    date="2025-02-14",
                    controls=["acme:B.1#policy"],
                    scope=["corporate", "payments"],
                    classification="OFFICIAL-SENSITIVE",
                    owner="Head of ICT",
                ),
                **filed("E-CNTR0001", "Cover", kind="contract", date="2025-06-01", controls=["acme:B.3"]),
                **filed(
                    "E-SCAN0003",
                    "ASV scan of the card network",
                    kind="scan",
                    result="fail",
                    date="2026-01-09",
                    controls=["acme:A.1"],
                    scope=["payments"],
                ),
                "evidence/findings/register.2ABCDEFG.yaml": FINDING,
            },
        ),
    ]


def filed(identifier: str, title: str, **fields: object) -> dict[str, str | bytes]:
    """A file and its record."""
    path = f"evidence/2025/{identifier.lower()}.{identifier.partition('-')[2]}.txt"
    values = {"title": title, "recorded": OFFICER, **fields}
    return {path: f"{title} of {fields['date']}\n", f"{path}.evidence.yaml": described(identifier, **values)}
