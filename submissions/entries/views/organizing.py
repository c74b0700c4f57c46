from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import Visit
from events.views import fetch_run
from submissions.entries import deciding
from submissions.entries.models import Submission
from submissions.entries.views.fetching import fetch_own


@login_required
def organizer_list(request: Visit, event: str) -> HttpResponse:
    found = fetch_run(request, event)
    submissions = (
        Submission.objects.submitted()
        .filter(event=found)
        .select_related("track", "team", "event", "entry_type")
        .prefetch_related("authors")
        .order_by("track__position", "title")
    )
    drafts = found.submissions.filter(state=Submission.State.DRAFT).count()
    context = {"event": found, "submissions": submissions, "drafts": drafts}
    return render(request, "entries/list.html", context)


@login_required
@require_POST
def answer(request: Visit, event: str, pk: object) -> HttpResponse:
    """The authors confirm or decline."""
    submission = fetch_own(request, event, pk)
    if request.POST.get("to") == "declined":
        deciding.decline(request.user, submission)
        messages.success(request, _("You declined; the place goes to somebody else."))
    else:
        deciding.confirm(request.user, submission)
        messages.success(request, _("Confirmed: see you there."))
    return redirect(submission)
