"""Speakers and authors: who presents what, when they can, what they need."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from events.models import Event
from notices.actions import record
from submissions.programme import rules
from submissions.programme.actions import letters
from submissions.programme.models import Availability, Contributor, Poster, Presenter, Session
from theme.refusal import Refused


@transaction.atomic
def name_contributor(
    user: User | None,
    thing: Session | Poster,
    *,
    name: str,
    affiliation: str = "",
    account: User | None = None,
) -> Contributor:
    """Adds a speaker or author after those that are named already."""
    if user is not None and not rules.can_edit(user, thing.event):
        raise Refused(_("Only organizers name speakers."), code="contributor.not_yours")
    own = {"session" if isinstance(thing, Session) else "poster": thing}
    try:
        with transaction.atomic():
            made = Contributor.objects.create(
                **own,
                name=name,
                affiliation=affiliation,
                user=account,
                position=thing.contributors.count(),
            )
    except IntegrityError:
        raise Refused(
            _("%(name)s is named here already.") % {"name": name}, code="contributor.twice"
        ) from None
    record(user, "name_contributor", thing, name=name)
    return made


@transaction.atomic
def drop_contributor(user: User, contributor: Contributor) -> None:
    thing = contributor.session or contributor.poster
    if thing is None or not rules.can_edit(user, thing.event):
        raise Refused(_("Only organizers name speakers."), code="contributor.not_yours")
    record(user, "drop_contributor", thing, name=contributor.name)
    contributor.delete()


def _own(user: User, contributor: Contributor) -> Contributor:
    found = (
        Contributor.objects.select_for_update(of=("self",))
        .select_related("session__event", "poster__event")
        .get(pk=contributor.pk)
    )
    if found.user_id != user.pk:
        raise Refused(_("This is another person's part."), code="contributor.not_yours")
    return found


@transaction.atomic
def confirm(user: User, contributor: Contributor) -> Contributor:
    """The speaker will come; also after having withdrawn. Twice changes nothing."""
    found = _own(user, contributor)
    if found.confirmed_at is None or found.withdrawn_at is not None:
        found.confirmed_at, found.withdrawn_at = Now(), None
        found.save(update_fields=["confirmed_at", "withdrawn_at"])
        record(user, "confirm_part", found)
        found.refresh_from_db()
    return found


@transaction.atomic
def withdraw(user: User, contributor: Contributor) -> Contributor:
    """The speaker will not come. The agenda says so at once; the organizers get a mail and decide
    whether the session is cancelled."""
    found = _own(user, contributor)
    if found.withdrawn_at is None:
        found.withdrawn_at, found.confirmed_at = Now(), None
        found.save(update_fields=["withdrawn_at", "confirmed_at"])
        found.refresh_from_db()
        record(user, "withdraw_part", found)
        thing = found.session or found.poster
        if thing is not None:
            letters.tell_organizers_of_withdrawal(found, thing.event)
    return found


@transaction.atomic
def tell_needs(user: User, event: Event, *, equipment: str, release: str) -> Presenter:
    """Equipment, and the answer to the release form."""
    _refuse_unless_presenting(user, event)
    told, _created = Presenter.objects.get_or_create(event=event, user=user)
    if told.release != release:
        told.released_at = Now() if release else None
    told.equipment, told.release = equipment, release
    told.save()
    record(user, "tell_needs", told, release=release)
    return told


def _refuse_unless_presenting(user: User, event: Event) -> None:
    if not rules.presents(user, event):
        raise Refused(
            _("Only who has a talk or a poster here can say that."), code="presenter.none"
        )


@transaction.atomic
def tell_availability(
    user: User, event: Event, *, windows: Iterable[tuple[datetime, datetime]]
) -> list[Availability]:
    """The times in which this person can present, in place of those told before; none: always."""
    _refuse_unless_presenting(user, event)
    windows = list(windows)
    for start, end in windows:
        if end <= start:
            raise Refused(
                _("A time ends after it begins: choose a later end."),
                code="availability.ends_early",
            )
    Availability.objects.filter(event=event, user=user).delete()
    made = Availability.objects.bulk_create(
        Availability(event=event, user=user, starts_at=start, ends_at=end) for start, end in windows
    )
    record(user, "tell_availability", event, windows=len(windows))
    return made
