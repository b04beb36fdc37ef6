"""The evidence register: one row for each piece."""

from compliance.domain.due.standing import Standing
from compliance.reports.parts.answers import Answer
from compliance.reports.parts.report import Report


def _view(standing: Standing) -> Answer:
    from compliance.reports.register.view import register

    return register(standing)


def _csv(standing: Standing) -> str:
    from compliance.reports.register.view import as_csv, register

    return as_csv(register(standing))


REPORT = Report(
    purpose="The evidence register: each piece with its controls, dates, standing and owner, and where it lies.",
    view=_view,
    csv=_csv,
    shows_all_evidence=True,
)
