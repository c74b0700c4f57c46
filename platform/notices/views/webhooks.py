"""An event's webhooks: where its changes are told, and what became of each telling."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import Visit
from notices import occasions, webhooks
from notices.forms import WebhookForm
from notices.models import Delivery, Webhook
from theme.refusal import Refused

SHOWN = 50


@login_required
def webhook_list(request: Visit, event: str) -> HttpResponse:
    occasion, made = occasions.run_by(request.user, event), None
    form = WebhookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = webhooks.add_webhook(request.user, occasion, **form.cleaned_data)
            form = WebhookForm()
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {
        "event": occasion,
        "form": form,
        "made": made,
        "hooks": Webhook.objects.filter(event=event),
        "log": Delivery.objects.of_event(event).select_related("webhook")[:SHOWN],
    }
    return render(request, "notices/webhooks.html", context)


@login_required
@require_POST
def change(request: Visit, event: str, webhook: int, what: str) -> HttpResponse:
    """Tries it, or removes it."""
    occasions.run_by(request.user, event)
    hook = get_object_or_404(Webhook, event=event, pk=webhook)
    if what == "remove":
        webhooks.remove_webhook(request.user, hook)
        messages.success(request, _("Removed; nothing more is sent there."))
    else:
        webhooks.try_webhook(request.user, hook)
        messages.success(request, _("A trial is on its way; see below what becomes of it."))
    return redirect("notices:webhooks", event)


@login_required
@require_POST
def again(request: Visit, event: str, delivery: str) -> HttpResponse:
    occasions.run_by(request.user, event)
    row = get_object_or_404(Delivery.objects.of_event(event), pk=delivery)
    webhooks.deliver_again(request.user, row)
    return redirect("notices:webhooks", event)
