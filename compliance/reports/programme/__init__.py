"""The accreditation programme: every register in one report."""

from compliance.domain.due.standing import Standing
from compliance.reports.parts.answers import Answer
from compliance.reports.parts.report import Report


def _view(standing: Standing) -> Answer:
    from compliance.reports.programme.programme import programme

    return programme(standing)


REPORT = Report(
    purpose="What is carried between audits: accreditations, audits, findings, risks, measures, deadlines and more.",
    view=_view,
)
