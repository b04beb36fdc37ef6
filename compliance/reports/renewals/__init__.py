"""What falls due: the renewals report and its timeline."""

from compliance.domain.due.standing import Standing
from compliance.reports.parts.answers import Answer
from compliance.reports.parts.report import Report


def _view(standing: Standing) -> Answer:
    from compliance.reports.renewals.renewals import renewals

    return renewals(standing)


def _csv(standing: Standing) -> str:
    from compliance.reports.renewals.renewals import as_csv

    return as_csv(standing)


REPORT = Report(
    purpose="Expiries, audits, submissions and evidence that lapses, month by month, overdue first.",
    view=_view,
    csv=_csv,
)
