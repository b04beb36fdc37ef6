"""The files that people keep by hand, opened again where a problem is to be shown in its place."""

from __future__ import annotations

from collections.abc import Callable

from compliance.domain.terms.layout import CONFIGURATION
from compliance.problems import Problem, Severity
from compliance.store.records.records import front_matter
from compliance.store.text.located import Node, Path, Text, place_at
from compliance.store.text.toml_text import read_toml_file
from compliance.store.text.yaml_text import read_yaml_file

Fetch = Callable[[str], bytes]
"""Gives the bytes of a file of the workspace."""


class Pages:
    """Trees of the files' texts, each read when it is first asked for."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._read: dict[str, tuple[Node | None, Text]] = {}

    def error(self, file: str, at: Path, sentence: str, hint: str) -> Problem:
        """A problem at the value of a path in a file; with no path, of the file as a whole."""
        return self.problem(file, at, sentence, hint, Severity.ERROR)

    def warning(self, file: str, at: Path, sentence: str, hint: str) -> Problem:
        """The same, of lesser weight."""
        return self.problem(file, at, sentence, hint, Severity.WARNING)

    def problem(self, file: str, at: Path, sentence: str, hint: str, severity: Severity) -> Problem:
        """A problem of any weight."""
        if not at:
            return Text(file, "").problem(None, sentence, hint, severity)
        if file not in self._read:
            self._read[file] = self._tree(file)
        node, source = self._read[file]
        return source.problem(place_at(node, at) if node else None, sentence, hint, severity)

    def _tree(self, file: str) -> tuple[Node | None, Text]:
        data = self._fetch(file)
        if file == CONFIGURATION:
            return read_toml_file(data, file)
        if file.endswith((".yaml", ".yml")):
            return read_yaml_file(data, file)
        return read_yaml_file(front_matter(data) or b"", file, first_line=2)
