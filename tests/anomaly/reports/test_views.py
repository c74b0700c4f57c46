import json
from pathlib import Path

import pytest
from django.urls import reverse

from anomaly.datasets import actions as datasets
from anomaly.jobs import actions, leases
from anomaly.jobs.leases import Trouble
from anomaly.jobs.models import Worker
from anomaly.reports.models import Report
from submissions.entries import actions as entries
from tests.anomaly.conftest import table_file
from tests.anomaly.reports.conftest import finish


def address(name: str, report: Report, *more: str) -> str:
    return reverse(f"reports:{name}", args=["summer", report.pk, *more])


def panel(browser, submission, **headers: str) -> str:
    answer = browser.get(reverse("reports:panel", args=[submission.pk]), headers=headers)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_page_says_what_the_summary_says(sign_in, author, report):
    page = " ".join(sign_in(author).get(report.get_absolute_url()).content.decode().split())
    summary = report.summary
    assert f"{summary['flagged']} of 60 rows are anomalous" in page
    assert f"AUROC {summary['label']['auroc']:.3f}" in page
    assert summary["calibration"].replace("'", "&#x27;") in page
    assert summary["top"][0]["columns"][0]["value"] in page
    assert page.count('class="chart__bar"') == sum(n > 0 for n in summary["histogram"]["counts"])
    assert all(warning in page for warning in summary["warnings"])
    assert f"torch {summary['stamp']['torch']}" in page


def test_page_needs_few_queries(sign_in, author, report, django_assert_max_num_queries):
    browser = sign_in(author)
    with django_assert_max_num_queries(20):
        browser.get(report.get_absolute_url())


def test_scatter_is_a_bokeh_item_with_every_point(sign_in, author, report):
    item = json.loads(sign_in(author).get(address("scatter", report)).content)
    assert item["root_id"]
    assert str(len(report.summary["comparison"]["points"])) == "60"
    assert json.dumps(item).count('"ColumnDataSource"') >= 1


@pytest.mark.parametrize(
    ("kind", "begins"), [("csv", b"row,score,log_probability,error"), ("parquet", b"PAR1")]
)
def test_scores_are_attachments(sign_in, author, report, kind, begins):
    answer = sign_in(author).get(address("scores", report, kind))
    assert b"".join(answer.streaming_content).startswith(begins)
    name = f'attachment; filename="sensors-scores.{kind}"'
    assert answer.headers["Content-Disposition"] == name
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_scores_of_another_kind_are_unknown(sign_in, author, report):
    assert sign_in(author).get(address("scores", report, "pkl")).status_code == 404


MAY = {  # of a draft, of what was handed in
    "author": (200, 200),
    "rival": (404, 404),
    "stranger": (404, 404),
    "judge": (404, 404),
    "organizer": (404, 200),
    "reader": (404, 200),
}


@pytest.mark.parametrize("person", MAY)
def test_who_may_see_a_report(person, request, sign_in, author, draft, report, judge):
    if person == "reader":
        entries.give_to_read(None, draft, to=judge)
    browser = sign_in(judge if person == "reader" else request.getfixturevalue(person))
    pages = [
        report.get_absolute_url(),
        address("scatter", report),
        address("scores", report, "csv"),
        reverse("reports:panel", args=[draft.pk]),
    ]

    def answers() -> set[int]:
        found = [browser.get(page) for page in pages]
        for answer in found:
            list(answer)  # reads a file to its end, which closes it
        return {answer.status_code for answer in found}

    before = answers()
    entries.submit(author, draft)
    assert (before, answers()) == tuple({status} for status in MAY[person])


def test_public_sees_no_report_even_after_the_reveal(
    sign_in, stranger, organizer, event, author, draft, report
):
    entries.submit(author, draft)
    entries.reveal(organizer, event)
    browser = sign_in(stranger)
    assert browser.get(draft.get_absolute_url()).status_code == 200
    assert browser.get(report.get_absolute_url()).status_code == 404
    assert browser.get(reverse("reports:panel", args=[draft.pk])).status_code == 404


def test_changed_result_is_not_shown(sign_in, author, report, settings):
    folder = Path(settings.MEDIA_ROOT) / report.artefact
    text = (folder / "summary.json").read_text()
    (folder / "summary.json").write_text(text.replace('"flagged"', '"flagget"', 1))
    (folder / "scores.csv").unlink()
    browser = sign_in(author)
    for page in (report.get_absolute_url(), address("scores", report, "csv")):
        answer = browser.get(page)
        assert answer.status_code == 410
        assert "This report cannot be shown" in answer.content.decode()
    assert "cannot be read at the moment" in panel(browser, report.dataset.submission)


def test_job_that_is_not_done_has_no_report(sign_in, author, dataset):
    job = actions.start(author, dataset)
    answer = sign_in(author).get(reverse("reports:detail", args=["summer", job.pk]))
    assert answer.status_code == 404


def test_reports_of_one_table_lead_to_each_other(sign_in, author, report, result):
    job = actions.start(author, report.dataset)
    finish(result)
    newer = Report.objects.get(pk=job.pk)
    assert (report.older(), report.newer()) == (None, newer)
    assert (newer.older(), newer.newer()) == (report, None)
    assert (
        newer.get_absolute_url() in sign_in(author).get(report.get_absolute_url()).content.decode()
    )


def test_panel_without_data_says_so(sign_in, author, draft):
    assert "No data set was handed in." in panel(sign_in(author), draft)


def test_panel_before_scoring_says_so(sign_in, author, draft, dataset):
    assert "Not scored yet." in panel(sign_in(author), draft)


def test_panel_while_scoring_says_how_far_it_is(sign_in, author, draft, dataset):
    actions.start(author, dataset)
    browser = sign_in(author)
    assert "waiting to be scored" in panel(browser, draft)
    worker = Worker.objects.create(name="w")
    leases.heartbeat(leases.claim(worker), worker, stage="training", progress=0.42)
    assert "being scored (42 %)" in panel(browser, draft)


def test_panel_of_a_failed_job_says_why(sign_in, author, draft, dataset):
    actions.start(author, dataset)
    held = leases.claim(Worker.objects.create(name="w"))
    leases.fail(held, Trouble("table.x", "It has 3 rows only.", permanent=True))
    page = panel(sign_in(author), draft)
    assert "could not be scored" in page
    assert "It has 3 rows only." in page


def test_panel_of_a_new_version_still_says_what_the_old_one_said(sign_in, author, draft, report):
    datasets.upload(author, draft, file=table_file(label=True, seed=1))
    page = panel(sign_in(author), draft)
    assert "This is what version 1 says; version 2 is not scored yet." in page
    assert report.get_absolute_url() in page
    assert page.count("<details") == 1


def test_panel_says_in_short_what_the_report_says(sign_in, author, draft, report):
    browser = sign_in(author)
    page = panel(browser, draft)
    flagged, label = report.summary["flagged"], report.summary["label"]
    assert f"{flagged} of 60 rows anomalous" in page
    assert "at a false discovery rate of 5 %" in page
    assert f"AUROC {label['auroc']:.3f}" in page
    assert report.get_absolute_url() in page
    assert "<html" not in panel(browser, draft, **{"HX-Request": "true"})


def test_panel_needs_as_many_queries_for_three_tables_as_for_one(
    sign_in, author, draft, scored, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    scored("one.csv")
    browser = sign_in(author)
    with CaptureQueriesContext(connection) as one:
        panel(browser, draft)
    scored("two.csv")
    scored("three.csv")
    with django_assert_num_queries(len(one)):
        assert panel(browser, draft).count("<details") == 3
