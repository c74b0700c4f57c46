"""What was sent, what waits, what failed and why."""

import uuid

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.requests import Visit
from notices import campaigns, occasions
from notices.forms import OutboxFilter
from notices.models import Campaign, Mail
from notices.posting import Occasion

PAGE = 50


@login_required
def outbox(request: Visit, event: str) -> HttpResponse:
    occasion = occasions.run_by(request.user, event)
    form = OutboxFilter(request.GET)
    mails = Mail.objects.of_event(event).defer("text", "html")
    if form.is_valid() and (state := form.cleaned_data["state"]):
        mails = mails.filter(state=state)
    if form.is_valid() and (words := form.cleaned_data["q"]):
        mails = mails.filter(Q(address__icontains=words) | Q(subject__icontains=words))
    numbers = dict(
        Mail.objects.of_event(event).order_by().values_list("state").annotate(Count("pk"))
    )
    context = {
        "event": occasion,
        "form": form,
        "page": Paginator(mails, PAGE).get_page(request.GET.get("page")),
        "numbers": [(state.label, numbers.get(state, 0), state.value) for state in Mail.State],
        "campaigns": Campaign.objects.filter(event=event)[:20],
    }
    return render(request, "notices/outbox.html", context)


def find(request: Visit, event: str, pk: uuid.UUID) -> tuple[Occasion, Mail]:
    occasion = occasions.run_by(request.user, event)
    return occasion, get_object_or_404(Mail.objects.of_event(event), pk=pk)


@login_required
def mail(request: Visit, event: str, pk: uuid.UUID) -> HttpResponse:
    occasion, found = find(request, event, pk)
    return render(request, "notices/mail.html", {"event": occasion, "mail": found})


@login_required
@require_POST
def stop(request: Visit, event: str, pk: uuid.UUID) -> HttpResponse:
    campaigns.stop(request.user, find(request, event, pk)[1])
    return redirect("notices:mail", event, pk)


@login_required
@require_POST
def send_again(request: Visit, event: str, pk: uuid.UUID) -> HttpResponse:
    campaigns.send_again(request.user, find(request, event, pk)[1])
    return redirect("notices:mail", event, pk)
