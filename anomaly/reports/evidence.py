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
    """One data set, its latest job, and its latest report if there is one."""

    dataset: Dataset
    job: ScoringJob | None
    report: Report | None

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
    newest: dict[str, Dataset] = {}
    for dataset in submission.datasets.ready().order_by("name", "number"):
        dataset.submission = submission
        newest[dataset.name] = dataset
    ids = [dataset.pk for dataset in newest.values()]
    latest_job = {j.dataset_id: j for j in ScoringJob.objects.filter(dataset__in=ids)[::-1]}
    latest_report = {r.dataset_id: r for r in Report.objects.filter(dataset__in=ids)[::-1]}
    for job in (*latest_job.values(), *latest_report.values()):
        job.dataset = newest_by_id(newest)[job.dataset_id]
    return [Evidence(d, latest_job.get(d.pk), latest_report.get(d.pk)) for d in newest.values()]


def newest_by_id(newest: dict[str, Dataset]) -> dict[Any, Dataset]:
    return {dataset.pk: dataset for dataset in newest.values()}


def top_columns(summary: dict[str, Any]) -> list[str]:
    """The columns that make the most unusual rows unusual, by their share over those rows."""
    shares: Counter[str] = Counter()
    rows = [row for row in summary["top"] if row["flagged"]] or summary["top"][:10]
    for row in rows:
        for column in row["columns"]:
            shares[column["name"]] += column["share"]
    return [name for name, _share in shares.most_common(MOST_COLUMNS)]
