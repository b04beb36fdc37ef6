"""The statement of applicability as auditors read it."""

from compliance.domain.due.standing import Standing
from compliance.reports.parts.answers import Answer
from compliance.reports.parts.report import Report


def _view(standing: Standing) -> Answer:
    from compliance.reports.soa.stated import statements

    return statements(standing)


REPORT = Report(
    purpose="The statement of applicability: each control, whether it applies and why, and how it stands.",
    view=_view,
)
