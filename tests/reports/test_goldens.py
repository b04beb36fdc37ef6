"""Reports to the letter, on a small workspace, asked three ways: after a refresh, after a rebuild, from a clone.

`REWRITE_GOLDENS=1 pytest tests/reports/test_goldens.py` writes them anew; read the difference before you commit it.
"""

import os
from pathlib import Path

import pytest

from compliance.domain.approval import parts, stamp
from compliance.domain.assess import Assessor
from compliance.ledger.opening import open_ledger, open_workspace

from ..ledger.workspace import CONFIGURATION, begun, described

GOLDENS = Path(__file__).parent / "goldens"
REVIEWED = CONFIGURATION + '\n[review]\nkinds = ["policy"]\n'
ON = ("--on", "2026-02-02")
QUESTIONS = {
    "gaps-80.txt": (80, "gaps", *ON),
    "gaps-140.txt": (140, "gaps", *ON),
    "gaps.json": (80, "gaps", "--json", *ON),
    "gaps.csv": (80, "gaps", "--csv", *ON),
    "gaps.md": (80, "gaps", "--markdown", *ON),
    "gaps-audit-day.txt": (80, "gaps", "--on", "2026-09-30"),
    "gaps-at.txt": (80, "gaps", "--at", "2026-01-08"),
    "explain.txt": (80, "gaps", "--explain", "acme:A.1", *ON),
    "renewals-80.txt": (80, "renewals", "--within", "12m", *ON),
    "renewals.json": (80, "renewals", "--json", "--within", "12m", *ON),
    "renewals.csv": (80, "renewals", "--csv", "--within", "12m", *ON),
    "evidence-list.txt": (80, "evidence", "list"),
    "evidence-show.txt": (80, "evidence", "show", "E-00000002"),
    "evidence-show-rule.txt": (80, "evidence", "show", "evidence/logs/assets-2026-01.csv"),
    "accreditation-list.txt": (80, "accreditation", "list"),
    "accreditation-show.txt": (80, "accreditation", "show", "acme", *ON),
    "standards-tree.txt": (80, "standards", "show", "acme"),
    "standards-control.txt": (80, "standards", "show", "acme:B.3"),
    "standards-find.txt": (80, "standards", "find", "policy year"),
}


def placed(name, token, text, **fields):
    path = f"evidence/2026/{name}.{token}.txt"
    record = described(f"E-{token}", title=name.replace("-", " ").capitalize(), size=len(text), **fields)
    return {path: text, f"{path}.evidence.yaml": record}


@pytest.fixture
def workspace(tmp_path, today):
    made = begun(tmp_path / "workspace", **{"compliance.toml": REVIEWED})
    made.record(
        placed("asv-scan", "00000001", "passed\n", kind="scan", result="pass", date="2025-11-10", controls=["acme:A.1"])
        | placed("policy", "00000002", "be careful\n", kind="policy", date="2026-01-05", controls=["acme:B.1"]),
        "2026-01-06",
        "evidence: two pieces",
    )
    made.record(
        {
            "evidence/map.yaml": "rules:\n  - match: logs/*.csv\n    kind: register\n    date: name\n"
            "    controls: [acme:A.3]\n    classification: OFFICIAL\n",
            "evidence/logs/assets-2026-01.csv": "laptop,12\n",
            "evidence/applicability/acme.00000001.yaml": "id: S-00000001\nstandard: acme@1\n"
            "scope: corporate\ncontrols:\n"
            "  - {control: B.2, applies: false, reason: Nobody starts here, review: 2026-06-30}\n",
            "evidence/accreditations/acme.00000001.yaml": "id: A-00000001\nstandard: acme@1\nscope: corporate\n"
            "title: Acme certificate\nbody: Example Certification\n"
            "cycles:\n  - {granted: 2025-12-01, certificate: EX-1}\n",
        },
        "2026-01-12",
        "evidence: a rule, a statement, a certificate",
    )
    made.record(
        placed("rules", "00000003", "allow 443\n", kind="configuration", date="2026-01-20", controls=["acme:A.2"])
        | {"evidence/2026/policy.00000002.txt.evidence.yaml": approved(made)},
        "2026-01-22",
        "approve: Policy (E-00000002)",
    )
    return made


def approved(made):
    """The policy's record with an approval that holds."""
    ledger = open_ledger(open_workspace(made.top))
    item = next(item for item in ledger.evidence if item.id == "E-00000002")
    held = Assessor(ledger, ledger.day, ledger.day, ledger.settings.horizon.roughly)
    import hashlib

    import msgspec

    digests = parts(
        msgspec.structs.replace(item, sha256=hashlib.sha256(b"be careful\n").hexdigest()), held.fingerprint_of
    )
    record = made.read("evidence/2026/policy.00000002.txt.evidence.yaml")
    lines = "".join(f'      "{name}": {digest}\n' for name, digest in digests.items())
    decision = (
        f"  - decision: approved\n    by: B. Head <head@example.org>\n    on: 2026-01-21\n    stamp: {stamp(digests)}\n"
    )
    return f"{record}decisions:\n{decision}    parts:\n{lines}"


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_report_is_as_it_was_agreed_whichever_way_it_is_asked(workspace, name):
    columns, *arguments = QUESTIONS[name]
    refreshed = workspace.run(*arguments, columns=columns)
    workspace.run("index", "rebuild")
    rebuilt = workspace.run(*arguments, columns=columns)
    cloned = workspace.clone("clone").run(*arguments, columns=columns)
    assert refreshed == rebuilt == cloned
    assert (refreshed.code, refreshed.err) == (0, "")
    golden = GOLDENS / name
    if os.environ.get("REWRITE_GOLDENS"):
        golden.write_bytes(refreshed.out.encode())
    assert refreshed.out == golden.read_bytes().decode()


def test_every_golden_is_asked_for():
    assert {file.name for file in GOLDENS.iterdir()} == set(QUESTIONS)
