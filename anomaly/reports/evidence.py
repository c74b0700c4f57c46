"""What a report says, in few words: for the panel beside a submission and the judge's desk."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from anomaly.datasets.models import Dataset
from anomaly.jobs.artefacts import Damaged
from anomaly.jobs.models import ScoringJob
from anomaly.reports.models import Report
from submissions.entries.models import Submission

MOST_COLUMNS = 3


@dataclass
class Evidence:
    """The newest version of one data set, its latest job, and the latest report on any version."""

    dataset: Dataset
    job: ScoringJob | None
    report: Report | None

    @property
    def outdated(self) -> bool:
        """Is the report on an earlier version?"""
        return self.report is not None and self.report.dataset_id != self.dataset.pk

    @property
    def unscored(self) -> bool:
        return not self.under_way and (self.report is None or self.outdated)

    @property
    def under_way(self) -> bool:
        return self.job is not None and not self.job.ended

    @cached_property
    def summary(self) -> dict[str, Any] | None:
        """None without a report, and for one that cannot be read any more."""
        try:
            return self.report.summary if self.report else None
        except Damaged:
            return None

    @property
    def columns(self) -> list[str]:
        return top_columns(self.summary) if self.summary else []


def evidence_of(submission: Submission) -> list[Evidence]:
    """The newest usable version of each data set, in three queries."""
    newest = {d.name: d for d in submission.datasets.ready().in_time().order_by("name", "number")}
    asked = ScoringJob.objects.whole().filter(dataset__in=newest.values()).order_by("created_at")
    jobs = {job.dataset_id: job for job in asked.select_related("dataset")}
    done = Report.objects.filter(dataset__submission=submission).order_by("created_at")
    reports = {report.dataset.name: report for report in done.select_related("dataset")}
    for thing in (*jobs.values(), *reports.values()):
        thing.dataset.submission = submission
    for dataset in newest.values():
        dataset.submission = submission
    return [Evidence(d, jobs.get(d.pk), reports.get(d.name)) for d in newest.values()]


def top_columns(summary: dict[str, Any]) -> list[str]:
    """The columns that make the most unusual rows unusual, by their share over those rows."""
    shares: Counter[str] = Counter()
    rows = [row for row in summary["top"] if row["flagged"]] or summary["top"][:10]
    for row in rows:
        for column in row["columns"]:
            shares[column["name"]] += column["share"]
    return [name for name, _share in shares.most_common(MOST_COLUMNS)]
