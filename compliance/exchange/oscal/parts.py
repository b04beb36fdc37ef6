"""Parts of OSCAL controls as text: statements with their items, guidance, objectives."""

from __future__ import annotations

from compliance.exchange.oscal.document import Node, as_lines, prop

_READ_KEYS = frozenset(("id", "name", "title", "prose", "parts", "class", "ns"))


def labelled(part: Node) -> str:
    """What to call a part: its name, and its title if it has one."""
    name = part.get("name") or "part"
    return f"{name}: {part['title']}" if part.get("title") else str(name)


def is_plain(part: Node) -> bool:
    """Whether a part is prose and labelled items alone, so that its prose says all of it."""
    labels = all(below.get("name") == "label" for below in part.get("props", ()))
    return labels and part.keys() <= _READ_KEYS | {"props"} and all(is_plain(below) for below in part.get("parts", ()))


def prose_of(part: Node) -> str:
    """The whole of a statement as one text, its items in a row with their labels."""
    pieces = [part.get("prose", "")]
    for below in part.get("parts", ()):
        label = prop(below, "label")
        text = prose_of(below)
        pieces.append(f"{label} {text}" if label else text)
    return " ".join(" ".join(piece.split()) for piece in pieces if piece.strip())


def text_of_part(part: Node, indent: str = "") -> list[str]:
    """A part in lines, those below it indented, with every property but its label."""
    lines = [f"{indent}{line}" for line in part.get("prose", "").splitlines()]
    for entry in part.get("props", ()):
        if entry.get("name") not in {"label", "sort-id"}:
            lines += as_lines([entry], indent)
    for link in part.get("links", ()):
        lines += as_lines([link], indent)
    for key in part:
        if key not in _READ_KEYS and key not in {"props", "links"}:
            lines += as_lines({key: part[key]}, indent)
    for below in part.get("parts", ()):
        inner = text_of_part(below, f"{indent}  ")
        label = prop(below, "label") or ("" if below.get("name") in {"item", part.get("name")} else labelled(below))
        if label and inner:
            inner[0] = f"{indent}  {label} {inner[0].lstrip()}"
        elif label:
            inner = [f"{indent}  {label}"]
        lines += inner
    return lines
