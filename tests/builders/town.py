"""The workspace that is in order: two files of evidence and a certificate, against a small standard of its own."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from compliance.domain.terms.layout import CACHE

from .running import Answer, run_here

CONFIGURATION = """\
format = 1
organisation = "Fictional Borough Council"

[[scopes]]
id = "corporate"

[[scopes]]
id = "payments"
parent = "corporate"

[[standards]]
standard = "town@2"
"""

CATALOGUE = """\
id: town
version: 2
title: Town ICT Baseline 2
short: Town
publisher: Fictional Standards Office
profiles:
  - {id: small, title: Small towns}
  - {id: large, title: Large towns}
default-profile: small
events:
  - {id: significant-change, title: Significant change}
scheme:
  holding: certificate
  term: 3 years
  events:
    - {id: surveillance, title: Surveillance audit, every: 12 months}
    - {id: recertification, title: Recertification, before: expiry, lead: 3 months, opens-cycle: true}
controls:
  - id: T1
    title: Networks
    controls:
      - id: T1.1
        title: Scans
        assessable: true
        expects:
          - {id: scan, kind: scan, every: 3 months, basis: mandated, what: A scan that passes}
      - id: T1.2
        title: Firewalls
        assessable: true
        expects:
          - {id: rules, kind: configuration, every: unset, set-by: a risk analysis, what: The rules}
          - {id: review, kind: [minutes, report], on: significant-change, within: 30 days, what: The review}
  - id: T2
    title: People
    excludable: true
    controls:
      - id: T2.1
        title: Access policy
        assessable: true
        expects:
          - {id: policy, kind: policy, max-age: 12 months, what: The policy}
  - id: T3
    title: Leadership
    inheritable: false
    controls:
      - id: T3.1
        title: Management review
        assessable: true
        expects:
          - {id: review, kind: minutes, max-age: 12 months, what: The minutes}
"""

SCAN = "evidence/2024/2024-09-30-network-scan.SCAN0001.txt"
SCAN_BYTES = "Network scan: nothing found.\n"
SCAN_RECORD = """\
id: E-SCAN0001
title: Network scan
kind: scan
result: pass
date: 2024-09-30
controls: ["town:T1.1#scan"]
scope: [corporate]
sha256: da494ead235c06380d5ebd075b6dfd5ff5d31fa68f0d560dfca1470859daf24b
size: 29
recorded: {by: A. Officer <a.officer@example.org>, on: 2024-10-01}
"""

POLICY = "evidence/2024/2024-02-01-access-policy.PCY00001.txt"
POLICY_RECORD = """\
id: E-PCY00001
title: Access policy
kind: policy
date: 2024-02-01
controls: ["town:T2.1"]
"""

ACCREDITATION = """\
id: A-HEW00001
standard: town@2
scope: corporate
body: Example Certification
cycles:
  - granted: 2024-03-01
    certificate: TC 1001
    events:
      - {event: surveillance, on: 2025-02-20, outcome: passed}
"""

FILES = {
    "compliance.toml": CONFIGURATION,
    "standards/town@2.yaml": CATALOGUE,
    SCAN: SCAN_BYTES,
    f"{SCAN}.evidence.yaml": SCAN_RECORD,
    POLICY: "Access is given by need.\n",
    f"{POLICY}.evidence.yaml": POLICY_RECORD,
    "evidence/accreditations/town-corporate.HEW00001.yaml": ACCREDITATION,
    ".gitignore": "/.compliance/\n",
}


def build(top: Path) -> None:
    """Makes the workspace, which is in order; its history is one file, for it is copied a thousand times."""
    top.mkdir()
    subprocess.run(["git", "init", "-q", "--template="], cwd=top, check=True)
    (top / ".git" / "info").mkdir()
    write(top, FILES)
    commit(top)
    checked = run_here(["-C", str(top), "check"])
    assert checked == Answer(0, "0 errors, 0 warnings\n", ""), checked
    shutil.rmtree(top / CACHE)  # no copy would believe it
    subprocess.run(["git", "repack", "-adq"], cwd=top, check=True)


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Puts files into a folder."""
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())


def commit(top: Path) -> None:
    """Commits everything in a folder, as a user would."""
    subprocess.run(["git", "add", "-A"], cwd=top, check=True)
    subprocess.run(["git", "commit", "-q", "-m", "Change"], cwd=top, check=True)
