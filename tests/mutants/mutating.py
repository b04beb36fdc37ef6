"""Small mistakes put into a module one at a time: a bound moved, a condition turned or dropped, a start for an end."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

Change = Callable[[ast.AST], ast.AST]

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any", "before": "after", "worst": "best", "best": "worst"}


@dataclass(frozen=True)
class Mutant:
    """One mistake: where it is, the code before and after, and the whole module with it."""

    path: Path
    line: int
    before: str
    after: str
    source: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.before}  ->  {self.after}"


def mutants_of(path: Path, top: Path) -> Iterator[Mutant]:
    """Every mutant of a module below `top`."""
    tree = ast.parse((top / path).read_text(encoding="utf-8"))
    plain = _plain(tree)
    for number, node in enumerate(ast.walk(tree)):
        if not hasattr(node, "lineno") or id(node) in plain:
            continue
        for change in _changes(node):
            copied = copy.deepcopy(tree)
            target = list(ast.walk(copied))[number]
            changed = change(target)
            source = ast.unparse(ast.fix_missing_locations(_Replacing(target, changed).visit(copied)))
            yield Mutant(path, node.lineno, _shown(node), _shown(changed), source + "\n")


def _shown(node: ast.AST) -> str:
    """The code of a node on one line; of an `if`, its condition."""
    if isinstance(node, ast.If):
        return f"if {ast.unparse(node.test)}"
    return " ".join(ast.unparse(node).split())


class _Replacing(ast.NodeTransformer):
    def __init__(self, target: ast.AST, changed: ast.AST) -> None:
        self.target, self.changed = target, changed

    def visit(self, node: ast.AST) -> ast.AST:
        return self.changed if node is self.target else self.generic_visit(node)


def _plain(tree: ast.AST) -> set[int]:
    """The nodes that lie in an annotation, in a class's options or in the text of a message, by identity."""
    return {id(inner) for node in ast.walk(tree) for part in _plain_parts(node) for inner in ast.walk(part)}


def _plain_parts(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation:
        yield node.annotation
    if isinstance(node, ast.FunctionDef) and node.returns:
        yield node.returns
    if isinstance(node, ast.ClassDef):
        yield from (*node.keywords, *node.bases, *node.decorator_list)
    if isinstance(node, ast.JoinedStr | ast.Import | ast.ImportFrom):
        yield node
    if isinstance(node, ast.Assign) and all(isinstance(target, ast.Name) for target in node.targets):
        names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        if all(name[0].isupper() and not name.isupper() for name in names):
            yield node  # a name for a type


def _changes(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.Compare(ops=[operator]) if type(operator) in COMPARISONS:
            yield lambda target: ast.Compare(target.left, [COMPARISONS[type(operator)]()], target.comparators)
        case ast.Compare(ops=[_, _, *_]):
            for place, operator in enumerate(node.ops):
                if type(operator) in COMPARISONS:
                    yield _turned(place)
        case ast.BinOp() if type(node.op) in OPERATORS:
            yield lambda target: ast.BinOp(target.left, OPERATORS[type(target.op)](), target.right)
        case ast.BoolOp():
            for place in range(len(node.values)):
                yield _dropped(place)
        case ast.UnaryOp(op=ast.Not()):
            yield lambda target: target.operand
        case ast.UnaryOp(op=ast.USub()):
            yield lambda target: target.operand
        case ast.Call(func=ast.Name(id=name)) if name in NAMES:
            yield lambda target: ast.Call(ast.Name(NAMES[name], ast.Load()), target.args, target.keywords)
        case ast.IfExp():
            yield lambda target: target.body
            yield lambda target: target.orelse
        case ast.If():
            yield lambda target: ast.If(ast.UnaryOp(ast.Not(), target.test), target.body, target.orelse)
        case ast.AugAssign():
            yield lambda _target: ast.Pass()
        case ast.Constant(value=bool(value)):
            yield lambda _target: ast.Constant(not value)
        case ast.Constant(value=int(number)):
            yield lambda _target: ast.Constant(number + 1)
        case ast.Attribute(attr="start" | "end"):
            other = "end" if node.attr == "start" else "start"
            yield lambda target: ast.Attribute(target.value, other, target.ctx)


def _turned(place: int) -> Change:
    """One of the comparisons of a chain turned."""

    def change(target: ast.AST) -> ast.AST:
        assert isinstance(target, ast.Compare)
        operators = list(target.ops)
        operators[place] = COMPARISONS[type(operators[place])]()
        return ast.Compare(target.left, operators, target.comparators)

    return change


def _dropped(place: int) -> Change:
    """One part of an `and` or an `or` left out."""

    def change(target: ast.AST) -> ast.AST:
        assert isinstance(target, ast.BoolOp)
        values = [value for number, value in enumerate(target.values) if number != place]
        return values[0] if len(values) == 1 else ast.BoolOp(target.op, values)

    return change
