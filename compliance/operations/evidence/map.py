"""Rules that map many files: tried on what is committed, and written to a `map.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from compliance.domain.ledger.ledger import Ledger
from compliance.domain.ledger.lookup import find_control
from compliance.domain.ledger.roles import Role, role_of
from compliance.domain.ledger.rules import Dating, MappingRule, RuleFile, date_in_name
from compliance.domain.terms.layout import MAP
from compliance.domain.terms.vocabulary import CONCLUDING
from compliance.gitrepo.process.process import Git
from compliance.gitrepo.reading.reading import blobs, entries
from compliance.ledger.opening import Workspace
from compliance.operations.committing import Committed, commit_change
from compliance.problems import Location, Refused, must_be_known, refuse
from compliance.store.records.records import render_yaml
from compliance.store.records.rules import parse_rules
from compliance.store.screening.screened import screened
from compliance.store.screening.wording import secret_problems
from compliance.store.text.yaml_editing import appended
from compliance.workspace.shipped import shipped_standards


class MatchedFile(msgspec.Struct, frozen=True):
    """A committed file that the rule takes, and what it would get."""

    path: str
    date: str
    note: str = ""


class TriedRule(msgspec.Struct, frozen=True):
    """A rule, the file it would stand in, and the files it takes."""

    path: str
    text: str
    plain: dict[str, Any]
    rule: MappingRule
    taken: tuple[MatchedFile, ...]


def try_rule(workspace: Workspace, ledger: Ledger, folder: str, glob: str, values: Mapping[str, Any]) -> TriedRule:
    """What a rule would do. Raises Refused for unknown controls or scopes, and for what may not stand there."""
    roots = ledger.settings.roots
    inside = any(root in {"", ".", folder} or folder.startswith(f"{root}/") for root in roots)
    if not inside or {"", ".", ".."} & set(folder.split("/")):
        hint = f"say it as seen from the top of the workspace; rules stand in {' or '.join(roots)}"
        raise refuse(f"“{folder}” is not among the folders of evidence", hint=hint)
    for control in values["controls"]:
        find_control(ledger, control, shipped_standards())
    scope_ids = [scope.id for scope in ledger.settings.scopes]
    for scope in values["scopes"]:
        must_be_known("scope", scope, scope_ids)
    plain = _plain_rule(glob, values)
    text = render_yaml({"rules": [plain]}).decode()
    path = f"{folder}/{MAP}"
    parsed = parse_rules(text.encode(), path)
    problems = parsed.problems or tuple(secret_problems(screened(text.encode()).first_of_each_kind, ""))
    if problems or parsed.value is None:
        raise Refused(problems)
    return TriedRule(
        path, text, plain, parsed.value[0], _taken(workspace, ledger, RuleFile(folder, path, parsed.value))
    )


def write_rule(workspace: Workspace, tried: TriedRule) -> Committed:
    """Adds the rule to its `map.yaml`, after those that stand there: of those that match, the last wins."""
    git = Git(workspace.place)
    present = [entry for entry in entries(git, workspace.commit, [tried.path]) if entry.path == tried.path]
    if present:
        data = next(data for _, data in blobs(git, [present[0].oid]))
        standing = parse_rules(data, tried.path).value
        if standing is None:
            hint = "see what is wrong in it with: compliance check"
            raise refuse("cannot be read, so no rule is added to it", location=Location(tried.path), hint=hint)
        same = next(
            (rule for rule in standing if msgspec.structs.replace(rule, line=tried.rule.line) == tried.rule), None
        )
        if same:
            hint = "change that one, or give this another glob"
            raise refuse("this rule is there already", location=Location(tried.path, same.line), hint=hint)
        text = appended(data, "rules", tried.plain)
    else:
        text = tried.text.encode()
    return commit_change(
        workspace.place, {}, {tried.path: text}, f"evidence: map {tried.plain['match']} in {tried.path}\n"
    )


def _plain_rule(glob: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The rule as `map.yaml` writes it, from what the options say; what is not said is left out."""
    plain: dict[str, Any] = {
        "match": glob,
        "title": values["title"],
        "kind": values["kind"].value if values["kind"] else "",
        "result": values["result"].value if values["result"] else "",
        "date": values["date_from"],
        "name-pattern": values["name_pattern"],
        "first": "counts" if values["first_counts"] else "",
        "controls": list(values["controls"]),
        "scope": list(values["scopes"]),
        "owner": values["owner"],
        "classification": values["classification"],
    }
    return {key: value for key, value in plain.items() if value}


def _taken(workspace: Workspace, ledger: Ledger, file: RuleFile) -> tuple[MatchedFile, ...]:
    """The committed files that the only rule of a file takes, with the date that each would get."""
    (rule,) = file.rules
    with_record = {item.path for item in ledger.evidence if item.record}
    concludes = rule.says.kind in CONCLUDING and rule.says.result is None
    without_result = "inconclusive until its own record says how it came out" if concludes else ""
    taken = []
    for entry in entries(Git(workspace.place), workspace.commit):
        relative = file.relative(entry.path)
        evidence = role_of(entry.path, ledger.settings.roots) in {Role.EVIDENCE, Role.MARKDOWN}
        if evidence and relative is not None and rule.takes(relative):
            note = "has a record of its own, which is stronger" if entry.path in with_record else without_result
            taken.append(MatchedFile(entry.path, _date(rule, entry.path), note))
    return tuple(taken)


def _date(rule: MappingRule, path: str) -> str:
    if rule.dating is Dating.NAME:
        named = date_in_name(path.rpartition("/")[2], rule.name_pattern)
        return str(named[0]) if named else "none in its name"
    if rule.dating is Dating.GIT:
        return "from git"
    return str(rule.says.date or "none")
