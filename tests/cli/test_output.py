"""What commands print with `--json`: one object, as the published schema of the command describes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import jsonschema
import pytest

from compliance.cli.output_schemas import answer_types, commands, prints_json, schemas
from compliance.reports.parts.answers import Answer

from ..builders.running import run_here

PUBLISHED = Path(__file__).parents[2] / "docs" / "schemas" / "output"
WITH_JSON = {words: command for words, command in commands() if prints_json(command)}
SCHEMAS = {file.name: file.read_text(encoding="utf-8") for file in PUBLISHED.iterdir()}
"""What is published; a test of its own holds that it is what the commands' types give today."""
TABLES = {
    "findings.csv": "title,severity,reference\nOld TLS,high,CVE-1\nNo title line,,\n",
    "figures.csv": "slot,value\n2025-10,95\n2025-11,95.5\n",
    "requests.csv": "id,text\n900,Firewall rules\n,without a number\n",
    "starters.csv": "type,date,title\nstarter,2026-01-05,A starter\n",
    "controls.csv": "id,title\nX.1,A rule\nX.2,Another\n",
    "rota.txt": "week 1: A. Officer\n",
}
"""Files that commands read, by name."""
ARGUMENTS = {
    "accreditation widen": "{accreditation} --to pellbrook",
    "applicability show": "iso27001",
    "audit request import": "{audit} requests.csv --dry-run --lenient",
    "event import": "starters.csv --dry-run --lenient",
    "evidence add": "rota.txt -c iso27001:A.5.1 -k policy -d 2026-01-01 --dry-run",
    "finding import": "findings.csv --dry-run --lenient",
    "measure import": "{measure} figures.csv --replace --dry-run",
    "scope show": "pellbrook",
    "standards check": "controls.yaml",
    "standards diff": "caf@3.2 caf@4.0",
    "standards import": "controls.csv --id example --version 1 --dry-run",
    "standards profiles": "pci-dss",
    "standards migrate": "caf@4.0 caf@3.2 --dry-run",
    "standards related": "pci-dss:11.3.2",
    "standards show": "pci-dss",
}
"""What to type after a command that does not go without; `{audit}` is the id of the first audit, and so on.

Where a command shows one record of a register, its id is enough and need not be here.
"""
FURTHER = (
    "standards show pci-dss:11.3.2",
    "standards related --coverage",
    "gaps --summary",
    "gaps --explain iso27001:A.8.8",
    "evidence list --text nothing-is-called-so",
)
"""Command lines by which a command answers with another of its types, or with nothing in it."""


def strict(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema, refusing every key that it does not name, but for what registers work out of their records."""
    for name, definition in schema["$defs"].items():
        if "properties" in definition and not name.endswith("Written"):
            definition["additionalProperties"] = False
    return schema


@pytest.fixture(scope="module")
def arguments(demo, tmp_path_factory):
    """Puts ids and paths of files into what is to be typed."""
    desk = tmp_path_factory.mktemp("desk")
    for name, text in TABLES.items():
        (desk / name).write_text(text)
    catalogue = next((demo.directory / "standards").glob("iso27001@*.yaml"))
    (desk / "controls.yaml").write_bytes(catalogue.read_bytes())

    def first(register: str) -> str:
        listed = run_here(["-C", str(demo.directory), register, "list", "--json", *all_of(register)]).json
        return next(value for value in listed.values() if isinstance(value, list))[0]["id"]

    def all_of(register: str) -> list[str]:
        listing = WITH_JSON[f"{register} list"]
        return ["--all"] if any("--all" in parameter.opts for parameter in listing.params) else []

    def typed(words: str) -> list[str]:
        register = words.partition(" ")[0]
        needs = any(
            isinstance(parameter, click.Argument) and parameter.required for parameter in WITH_JSON[words].params
        )
        said = ARGUMENTS.get(words, f"{{{register}}}" if needs else "")
        parts = [first(part[1:-1]) if part.startswith("{") else part for part in said.split()]
        return [str(desk / part) if (desk / part).exists() else part for part in parts]

    return typed


@pytest.mark.parametrize("words", sorted(WITH_JSON))
def test_prints_one_object_that_its_schema_describes(words, demo, arguments):
    answer = run_here(["-C", str(demo.directory), *words.split(), *arguments(words), "--json"])
    described(words, answer)


@pytest.mark.parametrize("line", FURTHER)
def test_prints_one_object_whatever_is_asked(line, demo):
    words = max((words for words in WITH_JSON if line.startswith(words)), key=len)
    described(words, run_here(["-C", str(demo.directory), *line.split(), "--json"]))


def described(words: str, answer: Any) -> None:
    assert answer.code in {0, 1}, (answer.err, "what to type for it is in ARGUMENTS")
    assert next(iter(answer.json)) == "format_version"
    jsonschema.Draft202012Validator(
        strict(json.loads(SCHEMAS[f"{words.replace(' ', '-')}.schema.json"])),
        format_checker=jsonschema.FormatChecker(),
    ).validate(answer.json)


@pytest.mark.parametrize("words", sorted(WITH_JSON))
def test_says_what_type_it_answers_with(words):
    types = answer_types(WITH_JSON[words])
    assert types, f"decorate {words} with @answers: what its --json prints"
    assert all(issubclass(type_, Answer) for type_ in types)


def test_the_published_schemas_are_those_of_today():
    assert schemas() == SCHEMAS, "write them anew with: make schemas"


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_a_published_schema_is_one(name):
    schema = json.loads(SCHEMAS[name])
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["title"].startswith("What compliance ")
