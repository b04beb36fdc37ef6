"""The reports that there are: those that ship, and those that a workspace has templates of its own for."""

from __future__ import annotations

import importlib
import pkgutil
import re
import stat
from pathlib import Path

import msgspec

from compliance.reports.parts.answers import Answer
from compliance.reports.parts.report import Report
from compliance.reports.parts.terminal import table

_TEMPLATE = re.compile(r"([a-z0-9][a-z0-9-]*)\.(html|md)\.j2")
_COMMENT = re.compile(r"\{#-?\s*(.*?)\s*-?#\}", re.DOTALL)
_LONGEST_COMMENT = 400


class ReportRow(msgspec.Struct, frozen=True, kw_only=True):
    """A report: its forms by the endings of files, and which of them the workspace's own templates make."""

    name: str
    purpose: str
    forms: tuple[str, ...]
    own: tuple[str, ...]


class ReportList(Answer, frozen=True, kw_only=True):
    """Every report, by name."""

    reports: tuple[ReportRow, ...]

    def names(self) -> tuple[str, ...]:
        return tuple(report.name for report in self.reports)

    def named(self, name: str) -> ReportRow:
        """The report of that name, which must be one of `names`."""
        return next(report for report in self.reports if report.name == name)


def shipped_reports() -> dict[str, Report]:
    """The reports that ship, by name: the folders of `compliance.reports` that have a value `REPORT`."""
    import compliance.reports as package

    folders = sorted(module.name for module in pkgutil.iter_modules(package.__path__) if module.ispkg)
    modules = {folder: importlib.import_module(f"{package.__name__}.{folder}") for folder in folders}
    return {folder: module.REPORT for folder, module in modules.items() if hasattr(module, "REPORT")}


def list_reports(own: Path, shipped: Path) -> ReportList:
    """Every report; `own` and `shipped` are the folders of templates.

    A template that ships and is no report's is a part of others, and so is one whose name begins with `_`: a template
    of the workspace by such a name is no report either.
    """
    reports = shipped_reports()
    forms: dict[str, list[str]] = {name: [] for name in reports}
    purposes = {name: report.purpose for name, report in reports.items()}
    made_here: dict[str, list[str]] = {}
    for name, form, _ in _templates(shipped):
        if name in reports:
            forms[name].append(form)
    for name, form, file in _templates(own):
        if name not in reports and (shipped / file.name).exists():
            continue
        made_here.setdefault(name, []).append(form)
        if name not in reports:
            purposes[name] = purposes.get(name) or _purpose(file)
        if form not in forms.setdefault(name, []):
            forms[name].append(form)
    for name, report in reports.items():
        forms[name] += ["csv", "json"] if report.csv else ["json"]
    return ReportList(
        reports=tuple(
            ReportRow(name=name, purpose=purposes[name], forms=tuple(forms[name]), own=tuple(made_here.get(name, ())))
            for name in sorted(forms)
        )
    )


def as_text(reports: ReportList, width: int) -> str:
    """The reports for a terminal."""
    rows = [
        (report.name, ", ".join(report.forms), f"{report.purpose}\n{_own(report)}".strip())
        for report in reports.reports
    ]
    return table(("Report", "Forms", "What it is for"), rows, width, flexible=2)


def _own(report: ReportRow) -> str:
    return f"by the workspace's own template: {', '.join(report.own)}" if report.own else ""


def _templates(folder: Path) -> list[tuple[str, str, Path]]:
    """Name, form and file of each template of a report, in order; none where the folder is a link or not there."""
    if folder.is_symlink() or not folder.is_dir():
        return []
    named = ((_TEMPLATE.fullmatch(file.name), file) for file in sorted(folder.iterdir()))
    return [(match[1], match[2], file) for match, file in named if match]


def _purpose(file: Path) -> str:
    """What a template of the workspace says that it is for: the comment that it begins with."""
    if not stat.S_ISREG(file.lstat().st_mode):
        return ""
    with file.open(encoding="utf-8", errors="replace") as text:
        comment = _COMMENT.match(text.read(_LONGEST_COMMENT))
    return " ".join(comment[1].split()) if comment else ""
