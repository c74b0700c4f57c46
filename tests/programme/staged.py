"""Puts a small conference on an embedded site, as far as acceptance: run inside that site's Django.

A talk and a poster are handed in and accepted, not yet confirmed; nothing is scheduled.
"""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.models import User
from events import actions as events
from events.models import Event, Phase, Role
from submissions.entries import actions as entries
from submissions.entries import deciding
from submissions.entries.entry_types import use_default_types

PASSWORD = "correct horse battery"
SLUG = "small-conference"


def person(name: str) -> User:
    email = f"{name.lower()}@example.org"
    made = User.objects.create_user(email, PASSWORD, name=name)
    EmailAddress.objects.create(user=made, email=email, verified=True, primary=True)
    return made


def stage() -> None:
    organizer, speaker, visitor = person("Organizer"), person("Speaker"), person("Visitor")
    event = Event.objects.create(
        slug=SLUG, name="Small conference", kind=Event.Kind.CONFERENCE, state="published"
    )
    now = timezone.now()
    for kind in (Phase.Kind.REGISTRATION, Phase.Kind.SUBMISSION):
        window = {"opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=1)}
        event.phases.create(kind=kind, **window)
    track = event.tracks.create(slug="tools", name="Tools", position=1)
    events.grant_role(None, event, to=organizer, kind=Role.Kind.OWNER)
    for one in (speaker, visitor):
        events.register(one, event)
    for entry_type, title, where in zip(
        use_default_types(None, event),
        ("Kestrels in flight", "A board about kestrels"),
        (None, track),
        strict=True,
    ):
        text = {"title": title, "summary": "Birds.", "description": "How *kestrels* hover."}
        draft = entries.create_draft(speaker, event, entry_type=entry_type, track=where, **text)
        entries.submit(speaker, draft)
        deciding.draft_decision(organizer, draft, decision="accepted")
    deciding.release(organizer, event)
