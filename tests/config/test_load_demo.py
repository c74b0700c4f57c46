"""The demonstration is loaded once, whole, and writes to nobody."""

from django.core.management import call_command

from events.models import Event
from notices.models import Mail


def test_demonstration_is_loaded_once_and_sends_no_mail(settings, submission):
    settings.EMBEDDED = True
    receipt = Mail.objects.due().get()
    call_command("load_demo")
    loaded = Event.objects.exclude(pk=submission.event_id).order_by("slug")
    slugs = [
        "pytorch-developer-day-2021",
        "summer-hackathon-2020",
        "summer-of-code-in-machine-learning",
    ]
    assert [event.slug for event in loaded] == slugs
    assert Mail.objects.filter(state=Mail.State.STOPPED).exists()
    assert list(Mail.objects.due()) == [receipt], "what waited before still goes out"
    call_command("load_demo")
    assert [event.slug for event in loaded.all()] == slugs
