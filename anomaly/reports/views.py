import logging
from pathlib import PurePath
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.requests import Visit
from anomaly.datasets import naming
from anomaly.datasets.models import examined_by
from anomaly.datasets.views import attachment
from anomaly.jobs import artefacts, rules
from anomaly.reports import figures
from anomaly.reports.evidence import evidence_of, top_columns
from anomaly.reports.models import Report
from submissions.entries.rules import is_author
from submissions.programme.models.hall import shown_at_boards

logger = logging.getLogger(__name__)

FIRST_ROWS = 15  # shown at once; the rest unfolds
KINDS = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}
GONE = 410


def fetch(request: Visit, event: str, pk: object) -> Report:
    """The report, if this person may see the evidence of its submission."""
    visible = Report.objects.visible_to(request.user).select_related(
        "dataset__submission__event", "dataset__submission__team"
    )
    return get_object_or_404(visible, dataset__submission__event__slug=event, pk=pk)


@login_required
@require_safe
def detail(request: Visit, event: str, pk: object) -> HttpResponse:
    report = fetch(request, event, pk)
    context = about(request, report)
    try:
        context |= told(report)
    except artefacts.Damaged:
        logger.exception("the report of job %s cannot be shown", report.pk)
        return render(request, "reports/damaged.html", context, status=GONE)
    context["can_start"] = rules.can_start(request.user, report.dataset)
    return render(request, "reports/detail.html", context)


def about(request: Visit, report: Report) -> dict[str, Any]:
    told = {
        "event": report.event,
        "submission": report.dataset.submission,
        "dataset": report.dataset,
        "report": report,
        "older": report.older(),
        "newer": report.newer(),
    }
    naming.for_reader(request.user, report.dataset.submission, [report.dataset])
    return told


def told(report: Report) -> dict[str, Any]:
    """The summary, and what the page derives from it. Raises Damaged."""
    summary = report.summary
    comparison = summary["comparison"]
    return {
        "summary": summary,
        "percent": 100 * summary["rate"],
        "rates": [{**rate, "percent": 100 * rate["rate"]} for rate in summary["rates"]],
        "histogram": figures.histogram(summary),
        "columns": top_columns(summary),
        "first_rows": summary["top"][:FIRST_ROWS],
        "more_rows": summary["top"][FIRST_ROWS:],
        "agreement": [
            (figures.meaning(where), sorted(comparison[where])) for where in figures.WHERE[:3]
        ],
    }


@login_required
@require_safe
def scatter(request: Visit, event: str, pk: object) -> JsonResponse:
    """The figure as Bokeh's JSON item, for `theme/_plot.html`."""
    report = fetch(request, event, pk)
    from bokeh.embed import json_item  # a second to import, so for this view only

    try:
        figure = figures.scatter(report.summary)
    except artefacts.Damaged:
        logger.exception("the report of job %s cannot be shown", report.pk)
        return JsonResponse({}, status=GONE)
    return JsonResponse(json_item(figure))


@login_required
@require_safe
def scores(request: Visit, event: str, pk: object, kind: str) -> FileResponse | HttpResponse:
    """Every row's score, as CSV or Parquet."""
    report = fetch(request, event, pk)
    if kind not in KINDS:
        raise Http404
    try:
        path = artefacts.path_of(report, f"scores.{kind}")
    except artefacts.Damaged:
        logger.exception("the scores of job %s cannot be sent", report.pk)
        return render(request, "reports/damaged.html", about(request, report), status=GONE)
    naming.for_reader(request.user, report.dataset.submission, [report.dataset])
    name = f"{PurePath(report.dataset.name).stem}-scores.{kind}"
    return attachment(path.open("rb"), name, KINDS[kind])


@login_required
@require_safe
def panel(request: Visit, pk: object) -> HttpResponse:
    """What the data of a submission says: a part of its page and of the judge's, and a page.

    Visitors of a poster hall see it, without the way to the whole report, where authors show it.
    """
    examined = examined_by(request.user)
    seen = examined | shown_at_boards(request.user)
    submission = get_object_or_404(seen.select_related("event", "team").distinct(), pk=pk)
    evidence = evidence_of(submission)
    naming.for_reader(request.user, submission, [one.dataset for one in evidence])
    context = {
        "event": submission.event,
        "submission": submission,
        "evidence": evidence,
        "under_way": any(one.under_way for one in evidence),
        "author": is_author(request.user, submission),
        "examines": examined.filter(pk=submission.pk).exists(),
    }
    template = "reports/_panel.html" if request.htmx else "reports/panel.html"
    return render(request, template, context)
