"""This room's numbers in the recap of an event."""

from django.utils.translation import gettext_lazy as _

from events.models import Event
from judging.awards.models import Award, Publication
from submissions.programme import recap


def awards(event: Event) -> int:
    """Only what is published: a recap tells nobody's secret."""
    published = Publication.objects.standing().filter(event=event).exists()
    if not published:
        return 0
    prizes = event.prizes.exclude(submission=None).count()
    return Award.objects.filter(event=event).count() + prizes


def register() -> None:
    recap.register("awards", awards, label=_("awards"))
