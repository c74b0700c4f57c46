"""The audit trail of one event: read with filters, and taken away as CSV or JSON."""

from collections.abc import Iterator
from datetime import datetime, time

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.requests import Visit
from notices import occasions
from notices.forms import AuditFilter
from notices.models import AuditEntry, AuditQuerySet
from notices.trail import HEADER, as_json_lines, as_row
from theme import spreadsheet

PAGE = 100


@login_required
def trail(request: Visit, event: str) -> HttpResponse:
    occasion = occasions.run_by(request.user, event)
    form = AuditFilter(request.GET)
    page = Paginator(found(event, form), PAGE).get_page(request.GET.get("page"))
    context = {"event": occasion, "form": form, "page": page, "asked": request.GET.urlencode()}
    return render(request, "notices/audit.html", context)


@login_required
def as_csv(request: Visit, event: str) -> StreamingHttpResponse:
    rows = (as_row(entry) for entry in asked_for(request, event))
    return spreadsheet.download(f"{event}-history.csv", HEADER, rows)


@login_required
def as_json(request: Visit, event: str) -> StreamingHttpResponse:
    lines = as_json_lines(asked_for(request, event))
    answer = StreamingHttpResponse(lines, content_type="application/json")
    return spreadsheet.as_attachment(answer, f"{event}-history.json")


def asked_for(request: Visit, event: str) -> Iterator[AuditEntry]:
    occasions.run_by(request.user, event)
    return found(event, AuditFilter(request.GET)).iterator(chunk_size=1000)


def found(event: str, form: AuditFilter) -> AuditQuerySet:
    entries = AuditEntry.objects.of_event(event).select_related("actor")
    if not form.is_valid():
        return entries
    asked = form.cleaned_data
    if who := asked["who"]:
        entries = entries.filter(Q(actor__name__icontains=who) | Q(actor__email__icontains=who))
    if verb := asked["verb"]:
        entries = entries.filter(verb__icontains=verb.strip().replace(" ", "_"))
    if thing := asked["thing"]:
        entries = entries.filter(thing__icontains=thing)
    if asked["id"]:
        entries = entries.filter(thing_id=asked["id"])
    if day := asked["since"]:
        entries = entries.filter(at__gte=timezone.make_aware(datetime.combine(day, time.min)))
    return entries
