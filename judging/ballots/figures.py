"""This room's numbers in the recap of an event."""

from django.utils.translation import gettext_lazy as _

from events.models import Event
from judging.ballots.models import Ballot
from submissions.programme import recap


def judgements(event: Event) -> int:
    """Score sheets that count."""
    return Ballot.objects.counted().filter(assignment__submission__event=event).count()


def register() -> None:
    recap.register("judgements", judgements, label=_("judgements"))
