"""Parameters of OSCAL controls: the places in a text that somebody else has yet to fill, or has filled."""

from __future__ import annotations

import re
from collections.abc import Iterator

from compliance.exchange.oscal.document import Node, as_lines, controls_of

_INSERT = re.compile(r"\{\{\s*(?:insert:\s*)?(?:param[:,]?\s*)?(?P<id>[^\s{},]+)\s*\}\}")
_LONGEST = 4_000
"""No parameter stands for a longer text, in characters: choices within choices could grow without bound."""
_COVERED = frozenset(("id", "label", "select", "values", "value", "depends-on"))


class Parameters:
    """The parameters of a document by id, with the text that stands for each."""

    def __init__(self, root: Node) -> None:
        """The parameters of a catalogue and of its groups and controls; `unknown` gathers the names of no parameter."""
        self._params = {param["id"]: param for param in _all_params(root) if "id" in param}
        self._texts: dict[str, str] = {}
        self._in_progress: set[str] = set()
        self.unknown: set[str] = set()

    def filled(self, text: str) -> str:
        """A text with its inserts replaced: by the value that is set, else by what is to be chosen, in brackets."""
        return _INSERT.sub(lambda insert: self._text(insert["id"]), text) if "{{" in text else text

    def lines(self, params: list[Node]) -> list[str]:
        """What a control says of its parameters, for people: nothing of those whose whole text stands elsewhere."""
        lines = []
        for param in params:
            if param.keys() <= _COVERED and param.get("id") in self._texts:
                continue
            lines.append(f"{param.get('id', '')}: {param.get('label', '')}".rstrip(": "))
            lines += as_lines({key: value for key, value in param.items() if key not in {"id", "label"}}, "  ")
        return lines

    def _text(self, name: str) -> str:
        """What stands for a parameter; its name in brackets where it is unknown, too long, or within itself."""
        param = self._params.get(name)
        if param is None or name in self._in_progress:
            self.unknown.add(name)
            return f"[{name}]"
        if name not in self._texts:
            self._in_progress.add(name)
            text = self._text_of(param, name)
            self._texts[name] = text if len(text) <= _LONGEST else f"[{name}]"
            self._in_progress.remove(name)
        return self._texts[name]

    def _text_of(self, param: Node, name: str) -> str:
        values = param.get("values") or ([param["value"]] if "value" in param else [])
        if values:
            return self.filled(", ".join(values))
        chosen = param.get("select", {})
        choices = [self.filled(choice) for choice in chosen.get("choice", ())]
        if choices:
            how_many = "one or more of" if chosen.get("how-many") == "one-or-more" else "one of"
            return f"[{how_many}: {'; '.join(choices)}]"
        return f"[{self.filled(param.get('label') or name)}]"


def _all_params(root: Node) -> Iterator[Node]:
    yield from root.get("params", ())
    for node, *_ in controls_of(root):
        yield from node.get("params", ())
