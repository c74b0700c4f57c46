"""How an event words the mails that the site sends by itself."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from accounts.requests import Visit
from notices import campaigns, occasions, posting, wordings
from notices.forms import WordingForm
from notices.models import Wording
from theme.refusal import Refused


@login_required
def templates(request: Visit, event: str) -> HttpResponse:
    occasion = occasions.run_by(request.user, event)
    own = set(Wording.objects.filter(event=event).values_list("template", flat=True))
    names = [(name, wordings.title(name), name in own) for name in wordings.templates()]
    return render(request, "notices/wordings.html", {"event": occasion, "templates": names})


@login_required
def wording(request: Visit, event: str, template: str) -> HttpResponse:
    occasion = occasions.run_by(request.user, event)
    if template not in wordings.templates():
        raise Http404
    own = Wording.objects.filter(event=event, template=template).first()
    subject, text = (own.subject, own.text) if own else wordings.as_placeholders(template)
    form = WordingForm(request.POST or None, initial={"subject": subject, "text": text})
    if request.method == "POST":
        if "forget" in request.POST:
            campaigns.forget_wording(request.user, occasion, template=template)
            return redirect("notices:wording", event, template)
        if form.is_valid() and _saved(request, occasion, template, form):
            return redirect("notices:wording", event, template)
    known = wordings.placeholders(template)
    facts = {name: f"‹{name}›" for name in known if not name.endswith("url")}
    facts |= posting.usual_facts(request.user, occasion)
    context = {
        "event": occasion,
        "title": wordings.title(template),
        "form": form,
        "own": own,
        "placeholders": known,
        "letter": wordings.write(subject, text, facts),
    }
    return render(request, "notices/wording.html", context)


def _saved(request: Visit, occasion: posting.Occasion, template: str, form: WordingForm) -> bool:
    try:
        campaigns.save_wording(request.user, occasion, template=template, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True
