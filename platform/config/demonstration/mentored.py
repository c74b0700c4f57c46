"""The third demonstration: a Summer of Code, its list of ideas, a mentor and an applicant."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from config.demonstration.people import SIGN_INS
from events import actions as events
from events import exchange
from events.models import Event, Role
from submissions.ideas import actions as ideas
from submissions.ideas import proposing

FACTS = Path(exchange.__file__).with_name("fixtures") / "programme.yaml"
AHEAD = {  # when each phase opens and closes, in days from the day of loading
    "registration": (-20, 20),
    "submission": (-10, 20),
    "judging": (20, 45),
    "mentoring": (60, 140),
    "event": (60, 140),
}


def facts() -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load(FACTS.read_text())
    return told


def load() -> None:
    """Makes the programme if it is missing. The people who sign in exist already."""
    told = facts()
    if not Event.objects.filter(slug=told["slug"]).exists():
        make(told)


@transaction.atomic
def make(told: dict[str, Any]) -> Event:
    """As its file says, as if it ran today. The judge mentors the first idea."""
    organizer, judge, participant = (
        User.objects.get(email=SIGN_INS[who][0]) for who in ("organizer", "judge", "participant")
    )
    now = timezone.now()
    phases = {
        kind: [now + timedelta(days=opens), now + timedelta(days=closes)]
        for kind, (opens, closes) in AHEAD.items()
    }
    event = exchange.import_event(organizer, told | {"phases": phases})
    events.grant_role(organizer, event, to=judge, kind=Role.Kind.MENTOR)
    first = event.ideas.all()[0]
    named = [{"name": "Example mentor", "user": judge}]
    ideas.save_idea(organizer, event, idea=first, mentors=named)
    proposing.begin(participant, first)
    return event
