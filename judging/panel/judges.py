"""Who comes to judge, and what they say they know."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from events import actions as events
from events.models import Event, Invitation, Role, Track
from events.rules import is_judge
from judging.panel import rules
from judging.panel.actions import refuse_unless_running
from judging.panel.conflicts import note_found
from judging.panel.models import Expertise
from notices.actions import record
from theme.refusal import Refused


@transaction.atomic
def add_judge(user: User, event: Event, *, email: str) -> Role | Invitation:
    """Makes a judge of who has an account here; anybody else is invited by mail, and judges once
    the link was used. What there is of an interest is noted at once."""
    refuse_unless_running(user, event)
    judge = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if judge is None:
        return events.invite(user, event, email=email, role=Role.Kind.JUDGE)
    role = events.grant_role(user, event, to=judge, kind=Role.Kind.JUDGE)
    note_found(user, event)
    return role


@transaction.atomic
def tell_expertise(user: User, expertise: Expertise, *, tracks: list[Track]) -> Expertise:
    """What a judge knows and takes on: told by the judge, or by an organizer."""
    own = user.pk == expertise.judge_id
    if not (own or rules.can_set_up(user, expertise.event)) or not is_judge(
        expertise.judge, expertise.event
    ):
        raise Refused(_("You cannot change this."), code="expertise.not_yours")
    expertise.save()
    expertise.tracks.set(tracks)
    record(user, "tell_expertise", expertise, words=expertise.words, capacity=expertise.capacity)
    return expertise
