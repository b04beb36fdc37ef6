"""Reports as documents: Jinja templates over a standing, sandboxed, strict, escaped by what they make."""

from __future__ import annotations

import re
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jinja2
import msgspec
from markupsafe import Markup

from compliance.domain.due.counting import DueInScopes, merged
from compliance.domain.due.standing import Standing
from compliance.domain.registers.accreditations import ACCREDITATIONS
from compliance.domain.registers.parts.dues import Due
from compliance.domain.terms.durations import in_days
from compliance.domain.terms.layout import TEMPLATES
from compliance.problems import Location, Refused, must_be_known, printable, refuse
from compliance.reports.gaps.across import across
from compliance.reports.parts import charts, wording
from compliance.reports.parts.answers import Answer
from compliance.reports.parts.heading import judged_for
from compliance.reports.parts.listing import shipped_reports
from compliance.reports.parts.sandbox import Sandbox, UnknownName, bounded_memory
from compliance.reports.parts.template_faults import TEMPLATE_ERRORS, template_refusal, with_place
from compliance.reports.soa.stated import details, remarks

_MARKDOWN = re.compile(r"([\\`*_\[\]<>|#~]|&(?=[A-Za-z0-9#]+;))")
"""What Markdown takes for more than itself; an ampersand where it would begin an entity (CommonMark 2.5)."""
_BREAKS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")


def render(name: str, form: str, standing: Standing, top: Path, shipped: Path) -> str:
    """A report as text; the workspace's own template wins over the shipped one of the same name.

    Raises Refused, with the template's line, for a template that is broken, uses what it is not given, or tries to
    leave its sandbox.
    """
    template = f"{name}.{form}.j2"
    environment = _environment(form, top / TEMPLATES, shipped)
    try:
        with bounded_memory():
            return environment.get_template(template).render(_given(standing))
    except TEMPLATE_ERRORS as error:
        raise template_refusal(environment, template, error) from None
    except Refused as refusal:
        raise with_place(environment, template, refusal) from None


def _environment(form: str, own: Path, shipped: Path) -> jinja2.Environment:
    loader = jinja2.ChoiceLoader([jinja2.FunctionLoader(_own_template(own)), jinja2.FileSystemLoader(shipped)])
    markup = form == "html"
    environment = Sandbox(
        loader=loader,
        undefined=UnknownName,
        autoescape=markup,
        finalize=_for_html if markup else _for_markdown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["shown"] = printable
    return environment


def _own_template(folder: Path) -> Callable[[str], tuple[str, str, None] | None]:
    """Reads a workspace's own template: a regular file in its folder, never through a link that leads elsewhere."""

    def load(name: str) -> tuple[str, str, None] | None:
        path = folder / name
        try:
            status = path.lstat()
        except OSError:
            return None
        if folder.is_symlink() or not stat.S_ISREG(status.st_mode) or path.parent != folder:
            raise refuse(
                "is not a plain file",
                location=Location(f"{TEMPLATES}/{name}"),
                hint="put the template itself there: links, folders and pipes are not read",
            )
        try:
            return path.read_text(encoding="utf-8"), f"{TEMPLATES}/{name}", None
        except UnicodeDecodeError:
            hint = "save it as UTF-8"
            raise refuse("is not UTF-8 text", location=Location(f"{TEMPLATES}/{name}"), hint=hint) from None

    return load


def _given(standing: Standing) -> Mapping[str, Any]:
    """What a template may use: the standing, and functions that put it into words and pictures."""
    return {
        "standing": standing,
        "organisation": standing.settings.organisation,
        "provenance": standing.provenance,
        "judged_for": judged_for(standing.provenance.audit) if standing.provenance.audit else "",
        "assessments": standing.assessments,
        "renewals": tuple(_once(row) for row in merged(standing.renewals)),
        "figures": standing.figures,
        "accreditations": standing.ledger.of(ACCREDITATIONS),
        "total": standing.total,
        "percent": wording.percent,
        "gaps_counted": wording.gaps_counted,
        "left_out": wording.left_out(standing),
        "reasons": wording.reasons,
        "because": wording.because,
        "across": across,
        "days": in_days,
        "report": _views(standing),
        "details": details,
        "remarks": remarks,
        "errors": standing.errors,
        "shortfall": wording.shortfall(standing),
        "unread": wording.unread(standing),
        "merged": merged,
        "meanings": {verdict.value: words for verdict, words in wording.MEANINGS.items()},
        "charts": charts.PICTURES,
    }


def _once(row: DueInScopes) -> Due:
    """One thing due, its scope naming all that it is due in."""
    return msgspec.structs.replace(row.renewal, scope=", ".join(row.scopes))


def _views(standing: Standing) -> Callable[[str], Answer]:
    """Gives a template the view of any report that ships, by its name; each is made once, when it is asked for."""
    views: dict[str, Answer] = {}

    def view(name: str) -> Answer:
        if name not in views:
            reports = shipped_reports()
            must_be_known("report", name, reports)
            views[name] = reports[name].view(standing)
        return views[name]

    return view


def _for_html(value: Any) -> Any:
    """Text put into HTML shows its hidden and turning characters; markup that we made ourselves is left alone."""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _for_markdown(value: Any) -> Any:
    """Text put into Markdown stays text: no markup of its own, no line breaks, no hidden characters."""
    if not isinstance(value, str):
        return value
    return _MARKDOWN.sub(r"\\\1", printable(_BREAKS.sub(" ", value)))
