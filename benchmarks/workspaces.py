"""Workspaces of any size for measuring: the same to the byte on every machine, and all invented.

    python -m benchmarks.workspaces FOLDER --pieces 20000 [--commits 400] [--ruled 0.5] [--no-checkout]

A workspace holds four standards, two scopes, two certificates, and pieces of evidence spread over their expectations
and over six years, written through `git fast-import`. Nothing of the product is imported.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

SHIPPED = Path(__file__).resolve().parents[1] / "standards"
STANDARDS = {
    "iso27001@2022": "corporate",
    "iso20000-1@2018": "corporate",
    "pci-dss@4.0.1": "payments",
    "psn-coco@1.32": "corporate",
}
"""The standards in use, each with the scope it is used for."""

FIRST_DAY = dt.date(2019, 1, 1)
LAST_DAY = dt.date(2024, 12, 31)
"""The days that evidence speaks for, first and last; a benchmark judges on the last."""

OFFICER = "A. Officer <a.officer@example.org>"
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BATCH_TITLES = ("Export", "Report", "Review", "Extract", "Record")
STRIDE = 7919
"""Prime, so that one piece after the other goes to every expectation in turn."""

RESULT_KINDS = frozenset({"scan", "test"})

CONFIGURATION = """\
format = 1
organisation = "Exampleton Borough Council"
time-zone = "Europe/London"
horizon = "60 days"
classifications = ["PUBLIC", "OFFICIAL", "OFFICIAL-SENSITIVE"]

[[scopes]]
id = "corporate"
title = "Corporate network and services"
start = 2019-01-01
suppliers = ["Example Hosting", "Example Telecom"]
sites = ["Town Hall"]

[[scopes]]
id = "payments"
title = "Card payments"
parent = "corporate"
start = 2019-01-01
suppliers = ["Example Acquiring"]
sites = ["Town Hall"]
"""

CERTIFICATES = {
    "evidence/accreditations/iso27001.BENCH001.yaml": """\
id: A-BENCH001
standard: iso27001@2022
scope: corporate
title: ISO/IEC 27001 certificate
body: Example Certification
cycles:
  - granted: 2023-03-01
    expires: 2026-02-28
    certificate: EX 1000
""",
    "evidence/accreditations/pci-dss.BENCH002.yaml": """\
id: A-BENCH002
standard: pci-dss@4.0.1
scope: payments
title: PCI DSS attestation
body: Example Assessors
cycles:
  - granted: 2024-04-15
    certificate: EX 2000
""",
}


@dataclass(frozen=True)
class Target:
    """What a piece of evidence may be filed for: a control's expectation, and the kind it takes."""

    control: str
    expectation: str
    kind: str
    per: str
    scope: str

    @property
    def reference(self) -> str:
        """As a record names it."""
        return f"{self.control}#{self.expectation}"


@dataclass(frozen=True)
class Piece:
    """A file of evidence, and what describes it: a record beside it, or nothing where a rule does."""

    day: dt.date
    path: str
    content: bytes
    record: bytes | None


def build(top: Path, pieces: int, commits: int | None = None, ruled: float = 0.0, checkout: bool = True) -> None:
    """Makes a workspace in a folder that does not exist yet.

    `commits` is how many commits bring the pieces (by default one for 50), `ruled` the share of pieces that rules
    describe, by the date in their name or by git's dates in turn.
    """
    count = max(1, pieces // 50) if commits is None else max(1, commits)
    top.mkdir(parents=True)
    _git(top, "init", "-q", "-b", "main")
    _git(top, "config", "gc.auto", "0")
    command = ["git", "-C", str(top), "-c", "core.fsync=none", "fast-import", "--quiet", "--done"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, env=_environment()) as importer:
        assert importer.stdin is not None
        for part in _stream(pieces, count, ruled):
            importer.stdin.write(part)
        importer.stdin.close()
    if importer.returncode:
        raise SystemExit(f"git fast-import ended with {importer.returncode}")
    if checkout:
        _git(top, "-c", "core.fsync=none", "reset", "-q", "--hard", "main")


def _stream(pieces: int, commits: int, ruled: float) -> Iterator[bytes]:
    """The input of `git fast-import`: a first commit of settings, then the evidence, oldest first."""
    targets = _targets()
    files = {
        "compliance.toml": _configuration().encode(),
        ".gitignore": b"/.compliance/\n",
        "evidence/map.yaml": _rules(pieces, ruled, targets).encode(),
        **{path: text.encode() for path, text in CERTIFICATES.items()},
        **_catalogues(),
    }
    hashes = "".join(
        f"{hashlib.sha256(content).hexdigest()}  {path}\n"
        for path, content in sorted(files.items())
        if path.startswith("standards/")
    )
    files["standards/shipped.sha256"] = hashes.encode()
    yield _commit(FIRST_DAY, "Begin", files)
    done = 0
    for number in range(commits):
        until = pieces * (number + 1) // commits
        batch = [_piece(index, pieces, ruled, targets) for index in range(done, until)]
        day = batch[-1].day if batch else FIRST_DAY + dt.timedelta(days=number * _span() // commits)
        changes: dict[str, bytes] = {}
        for piece in batch:
            changes[piece.path] = piece.content
            if piece.record is not None:
                changes[f"{piece.path}.evidence.yaml"] = piece.record
        if not changes:
            changes["notes/README.md"] = f"Commit {number}.\n".encode()
        yield _commit(day, f"Evidence, batch {number}", changes)
        done = until
    yield b"done\n"


def _piece(index: int, pieces: int, ruled: float, targets: list[Target]) -> Piece:
    """The piece of a number."""
    target = targets[index * STRIDE % len(targets)]
    day = FIRST_DAY + dt.timedelta(days=index * _span() // max(1, pieces - 1) if pieces > 1 else _span())
    identifier = _identifier(index)
    content = f"{target.control}: {target.kind} of {day}, number {index}. An invented document.\n".encode()
    if _by_rule(index, ruled):
        place = targets.index(target)
        return Piece(day, f"evidence/ruled/{place:04}/{day:%Y}/{day}-{index:06}.txt", content, None)
    path = f"evidence/{day:%Y}/{day:%m}/{day}-{target.kind}-{index:06}.{identifier}.txt"
    lines = [
        f"id: E-{identifier}",
        f"title: {BATCH_TITLES[index % len(BATCH_TITLES)]} {index} for {target.control}",
        f"kind: {target.kind}",
    ]
    if target.kind in RESULT_KINDS:
        lines.append(f"result: {'fail' if index % 29 == 0 else 'pass'}")
    lines += [f"date: {day}", f"controls: [{target.reference!r}]", f"scope: [{target.scope}]"]
    if target.per == "supplier":
        lines.append(f"per: {{supplier: {'Example Acquiring' if target.scope == 'payments' else 'Example Hosting'}}}")
    elif target.per == "site":
        lines.append("per: {site: Town Hall}")
    lines += [
        "owner: Head of ICT",
        "classification: OFFICIAL",
        f"sha256: {hashlib.sha256(content).hexdigest()}",
        f"size: {len(content)}",
        f"recorded: {{by: {OFFICER}, on: {day}}}",
    ]
    return Piece(day, path, content, ("\n".join(lines) + "\n").encode())


def _by_rule(index: int, ruled: float) -> bool:
    """Whether a rule describes the piece of this number, so that the share comes out evenly over time."""
    return int((index + 1) * ruled) > int(index * ruled)


def _rules(pieces: int, ruled: float, targets: list[Target]) -> str:
    """A rule for the pieces of each expectation that lie without a record."""
    places = sorted({index * STRIDE % len(targets) for index in range(pieces) if _by_rule(index, ruled)})
    if not places:
        return "rules: []\n"
    lines = ["rules:"]
    for place in places:
        target = targets[place]
        date = "git" if target.kind in {"configuration", "register"} else "name"
        first = ", first: counts" if date == "git" else ""
        lines.append(
            f"  - {{match: 'ruled/{place:04}/**', kind: {target.kind}, date: {date}{first}, "
            f"controls: [{target.reference!r}]}}"
        )
    return "\n".join(lines) + "\n"


def _targets() -> list[Target]:
    """Every expectation of the standards in use that takes a kind of its own, in the catalogues' order."""
    targets: list[Target] = []
    for name, content in _catalogues().items():
        catalogue = yaml.load(content, yaml.CSafeLoader)
        for control in _controls(catalogue["controls"]):
            for expectation in control.get("expects", []):
                kind = expectation.get("kind")
                if kind is None:
                    continue
                standard = Path(name).name.removesuffix(".yaml")
                targets.append(
                    Target(
                        f"{standard.partition('@')[0]}:{control['id']}",
                        expectation["id"],
                        kind[0] if isinstance(kind, list) else kind,
                        expectation.get("per", ""),
                        STANDARDS[standard],
                    )
                )
    return targets


def _controls(controls: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for control in controls:
        if control.get("assessable"):
            yield control
        yield from _controls(control.get("controls", []))


def _catalogues() -> dict[str, bytes]:
    return {f"standards/{name}.yaml": (SHIPPED / f"{name}.yaml").read_bytes() for name in STANDARDS}


def _configuration() -> str:
    return CONFIGURATION + "".join(
        f'\n[[standards]]\nstandard = "{name}"\nscopes = ["{scope}"]\n' for name, scope in STANDARDS.items()
    )


def _identifier(index: int) -> str:
    """Eight letters of Crockford's base 32, told by the number alone."""
    number = int.from_bytes(hashlib.sha256(f"piece {index}".encode()).digest()[:5], "big")
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(8)))


def _commit(day: dt.date, message: str, files: dict[str, bytes]) -> bytes:
    seconds = int(dt.datetime.combine(day, dt.time(12), dt.UTC).timestamp())
    parts = [
        f"commit refs/heads/main\ncommitter {OFFICER} {seconds} +0000\ndata {len(message)}\n{message}\n".encode(),
    ]
    for path, content in files.items():
        parts.append(f"M 100644 inline {path}\ndata {len(content)}\n".encode() + content + b"\n")
    return b"".join(parts)


def _span() -> int:
    return (LAST_DAY - FIRST_DAY).days


def _git(top: Path, *args: str) -> None:
    subprocess.run(["git", "-C", str(top), *args], check=True, env=_environment())


def _environment() -> dict[str, str]:
    """This process's environment, with nothing in it that turns git elsewhere."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}


def main() -> None:
    """Makes one workspace."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("folder", type=Path, help="where the workspace is made; must not exist")
    parser.add_argument("--pieces", type=int, default=1000, help="pieces of evidence")
    parser.add_argument("--commits", type=int, help="commits that bring them; by default one for 50 pieces")
    parser.add_argument("--ruled", type=float, default=0.0, help="share of pieces that rules describe, 0 to 1")
    parser.add_argument("--no-checkout", action="store_true", help="leave the working tree empty")
    chosen = parser.parse_args()
    build(chosen.folder, chosen.pieces, chosen.commits, chosen.ruled, not chosen.no_checkout)


if __name__ == "__main__":
    main()
