"""The gap report, and one control explained."""

from compliance.domain.due.standing import Standing
from compliance.reports.parts.answers import Answer
from compliance.reports.parts.report import Report


def _view(standing: Standing) -> Answer:
    from compliance.reports.gaps.view import gaps

    return gaps(standing)


def _csv(standing: Standing) -> str:
    from compliance.reports.gaps.gaps import as_csv

    return as_csv(standing)


REPORT = Report(
    purpose="What is missing, stale, failed, unapproved or changed, by standard, and what falls due.",
    view=_view,
    csv=_csv,
    for_audit=True,
)
