"""Mail to many: written, looked at with its exact recipients, posted, stopped."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.requests import Visit
from notices import campaigns, occasions
from notices.forms import CampaignForm
from notices.models import Campaign, Mail
from theme.refusal import Refused

PAGE = 100


def find(event: str, pk: uuid.UUID) -> Campaign:
    return get_object_or_404(Campaign, event=event, pk=pk)


@login_required
def write(request: Visit, event: str, pk: uuid.UUID | None = None) -> HttpResponse:
    occasion = occasions.run_by(request.user, event)
    campaign = find(event, pk) if pk else None
    form = CampaignForm(request.POST or None, instance=campaign, event=occasion)
    if request.method == "POST" and form.is_valid():
        before = find(event, pk) if pk else None  # the form has changed its own copy
        try:
            saved = campaigns.save_draft(
                request.user, occasion, campaign=before, **form.cleaned_data
            )
            return redirect("notices:campaign", event, saved.pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"event": occasion, "form": form, "campaign": campaign}
    return render(request, "notices/write.html", context)


@login_required
def campaign(request: Visit, event: str, pk: uuid.UUID) -> HttpResponse:
    occasion = occasions.run_by(request.user, event)
    found = find(event, pk)
    people = campaigns.recipients(occasion, found)
    shown = people.filter(pk=request.GET["as"]) if request.GET.get("as", "").isdecimal() else people
    reader = shown.first() or request.user  # nobody is in the list yet: as the organizer would
    context = {
        "event": occasion,
        "campaign": found,
        "page": Paginator(people, PAGE).get_page(request.GET.get("page")),
        "seen": campaigns.fingerprint(found, people),
        "reader": reader,
        "letter": campaigns.letter_to(reader, occasion, found),
        "mails": Mail.objects.of_event(event).filter(cause=found.cause),
    }
    return render(request, "notices/campaign.html", context)


@login_required
@require_POST
def post(request: Visit, event: str, pk: uuid.UUID) -> HttpResponse:
    occasion = occasions.run_by(request.user, event)
    found, seen = find(event, pk), request.POST.get("seen", "")
    number = campaigns.post_campaign(request.user, occasion, found, seen=seen)
    sentence = ngettext("%(number)d mail is queued.", "%(number)d mails are queued.", number)
    messages.success(request, sentence % {"number": number})
    return redirect("notices:campaign", event, pk)


@login_required
@require_POST
def stop(request: Visit, event: str, pk: uuid.UUID) -> HttpResponse:
    occasions.run_by(request.user, event)
    number = campaigns.stop_campaign(request.user, find(event, pk))
    sentence = ngettext("%(number)d mail was stopped.", "%(number)d mails were stopped.", number)
    messages.success(request, sentence % {"number": number})
    return redirect("notices:campaign", event, pk)
