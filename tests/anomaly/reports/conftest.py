"""A real result of a small table, scored once and published for each test."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from anomaly.datasets import actions as datasets
from anomaly.jobs import actions, artefacts, leases
from anomaly.jobs.models import Worker
from anomaly.reports.models import Report
from tests.anomaly.conftest import small_table, table_file


@pytest.fixture(scope="session")
def result(tmp_path_factory) -> Path:
    from anomaly.detector.scoring import score_file

    folder = tmp_path_factory.mktemp("result")
    (folder / "sensors.csv").write_text(small_table(label=True))
    score_file(folder / "sensors.csv", folder / "out", label="odd", device="cpu")
    return folder / "out"


def finish(result: Path) -> None:
    """As a worker does: takes the next job and hands in the result."""
    job = leases.claim(Worker.objects.get_or_create(name="w")[0])
    out = artefacts.workplace(job) / "out"
    shutil.copytree(result, out)
    artefact, manifest = artefacts.publish(out, job)
    leases.succeed(job, artefact=artefact, manifest=manifest)


@pytest.fixture
def scored(author, draft, result) -> Callable[..., Report]:
    """`scored()` hands in the table and has it scored."""

    def score(name: str = "sensors.csv") -> Report:
        dataset = datasets.upload(author, draft, file=table_file(name, label=True))
        job = actions.start(author, dataset)
        finish(result)
        return Report.objects.get(pk=job.pk)

    return score


@pytest.fixture
def report(scored) -> Report:
    return scored()
