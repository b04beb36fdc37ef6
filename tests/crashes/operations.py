"""A workspace in which every command that writes has something to write, and the command lines."""

from __future__ import annotations

from pathlib import Path

from ..builders.workspaces import Workspace, begin_workspace

PREPARED = {
    "ACTION": "action add Patch --due 2026-12-31",
    "AUDIT": "audit add Internal --type internal --on 2026-03-01 -s acme",
    "CERTIFICATE": "accreditation add acme --scope corporate --title Certificate --body Assessors --issued 2025-01-10",
    "DEADLINE": "deadline add Licence -k licence --date 2026-06-30",
    "EVIDENCE": "evidence add {desk}/policy.txt -c acme:B.1 -k policy -d 2026-01-10",
    "MINUTES": "evidence add {desk}/minutes.txt -c acme:A.3 -k minutes -d 2026-01-15",
    "FINDING": "finding add Weak --type minor",
    "MEASURE": "measure add Requests --unit % --since 2026-01-01",
    "PLANNED": "event plan starter --on 2027-03-01",
    "PROVIDER": "provider add Hosting",
    "RISK": "risk add Flood --consequence Outage --likelihood rare --impact minor",
    "STATEMENT": "applicability start acme",
}
"""What is on record, by the word that stands for its id in the commands below."""

OPERATIONS = {
    "accreditation add": "accreditation add acme --scope corporate --title Other --body Assessors --issued 2026-01-10",
    "accreditation event": "accreditation event CERTIFICATE surveillance --on 2026-01-12",
    "accreditation renew": "accreditation renew CERTIFICATE --on 2026-01-20",
    "action add": "action add Train --due 2027-01-31",
    "action close": "action close ACTION EVIDENCE",
    "action promise": "action promise ACTION --due 2027-02-28 --reason Late",
    "applicability set": "applicability set acme:B.1 --reason Ours --owner Head",
    "applicability exclude": "applicability exclude acme:B.2 --reason None --review 2027-01-10",
    "applicability approve": "applicability approve acme --version 1 --by Board",
    "audit add": "audit add Surveillance --type surveillance --on 2027-03-01",
    "audit hold": "audit hold AUDIT",
    "audit request add": "audit request add AUDIT 7 Minutes",
    "audit request import": "audit request import AUDIT {desk}/requests.csv",
    "deadline add": "deadline add Support -k end-of-life --date 2027-01-12",
    "deadline done": "deadline done DEADLINE --on 2026-06-01",
    "event add": "event add starter --on 2026-01-05",
    "event cancel": "event cancel PLANNED --reason Late",
    "event import": "event import {desk}/starters.csv --type starter",
    "event move": "event move PLANNED --on 2027-04-01",
    "event nil": "event nil starter --period 2025-06-01/2025-12-31",
    "event plan": "event plan starter --on 2027-05-01",
    "evidence add": "evidence add {desk}/scan.txt -c acme:A.1 -k scan -r pass -d 2026-01-10",
    "evidence add two": "evidence add {desk}/one.txt {desk}/two.txt -c acme:B.3 -k contract -d 2026-01-10",
    "evidence approve": "evidence approve EVIDENCE MINUTES",
    "evidence ask-changes": "evidence ask-changes EVIDENCE --note Pages",
    "evidence correct": "evidence correct EVIDENCE -d 2026-01-09 --reason Typo",
    "evidence erase": "evidence erase EVIDENCE --reason Asked --authority Law --yes",
    "evidence hold": "evidence hold EVIDENCE --reason Asked",
    "evidence map one": "evidence map EVIDENCE -c acme:A.3",
    "evidence reaffirm": "evidence reaffirm EVIDENCE --on 2026-01-31 --minutes MINUTES",
    "evidence reject": "evidence reject EVIDENCE --note Wrong",
    "evidence replace": "evidence replace EVIDENCE {desk}/policy-2.txt -d 2026-01-20",
    "evidence withdraw": "evidence withdraw EVIDENCE --as invalid --reason Wrong",
    "evidence map": "evidence map logs/*.csv -c acme:A.3 -k register --date name --write",
    "exception add": "exception add Old -c acme:A.2 --reason Age --approver Board --approved 2026-01-10 "
    "--expires 2027-01-10 --measure Watch",
    "finding add": "finding add Open --type major -c acme:A.2",
    "finding close": "finding close FINDING EVIDENCE",
    "finding dismiss": "finding dismiss FINDING --because false-positive --reason Patched --approver Head",
    "finding edit": "finding edit FINDING",
    "finding import": "finding import {desk}/findings.csv",
    "finding promise": "finding promise FINDING --due 2027-02-28",
    "measure add": "measure add Patches --unit days --since 2026-01-01",
    "measure import": "measure import MEASURE {desk}/figures.csv",
    "measure set": "measure set MEASURE 2026-01 95",
    "people add": "people add Head --address head@example.org --post Head",
    "provider assure": "provider assure PROVIDER EVIDENCE --service hosting",
    "provider matrix": "provider matrix PROVIDER EVIDENCE",
    "risk accept": "risk accept RISK --by Board --until 2027-06-30 --reason Small",
    "risk add": "risk add Fire --consequence Loss --likelihood rare --impact severe",
    "risk assess": "risk assess RISK --likelihood possible --impact minor --review 2027-03-31",
    "risk close": "risk close RISK --note Moved",
    "scope add": "scope add new --title New",
    "undo": "undo --yes",
    "standards import": "standards import {desk}/catalogue.csv --id other --version 1 --use",
    "standards use": "standards use cyber-essentials",
}
NEXT = "action add Next --due 2027-05-31"
"""What can be written whatever was written before."""

DESK = {
    "catalogue.csv": "id,title\nX.1,A rule\nX.2,Another\n",
    "figures.csv": "slot,value\n2026-01,95\n2026-02,96\n",
    "findings.csv": "title,severity\nOld TLS,high\nWeak password,low\n",
    "one.txt": "Contract one\n",
    "minutes.txt": "The board looked at it.\n",
    "policy-2.txt": "We are more careful.\n",
    "policy.txt": "We are careful.\n",
    "requests.csv": "id,text\n1,Firewall rules\n2,Scans\n",
    "scan.txt": "Nothing found.\n" * 5_000,
    "starters.csv": "date,title\n2026-01-05,A starter\n2026-01-06,Another\n",
    "two.txt": "Contract two\n",
}
OWN = {
    "evidence/README.md": "Evidence lies here, and I am about to say more.\n",
    "evidence/logs/2026-01-02.csv": "mine, not committed\n",
    "evidence/2026/notes.txt": "mine, not committed\n",
    "notes.txt": "staged\n",
}
"""Work of the user's in the working tree that nobody has committed; the last is staged."""


def prepare(folder: Path) -> tuple[Workspace, dict[str, list[str]]]:
    """The workspace, with a desk beside it, and the command lines with their ids."""
    workspace = begin_workspace(folder / "work")
    workspace.put({"evidence/logs/2026-01-01.csv": "committed\n"})
    desk = folder / "desk"
    desk.mkdir()
    for name, text in DESK.items():
        (desk / name).write_text(text)
    ids = {}
    for word, line in PREPARED.items():
        answer = workspace.run(*line.replace("{desk}", str(desk)).split())
        assert answer.code == 0, answer.err
        ids[word] = answer.out.split()[1]
    for path, text in OWN.items():
        workspace.write(path, text)
    workspace.git("add", "notes.txt")
    lines = {}
    for name, line in OPERATIONS.items():
        lines[name] = [ids.get(word, word.replace("{desk}", str(desk))) for word in line.split()]
    return workspace, lines
