"""From the ranking to the winners: propose, overrule, publish, take back."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from events import actions as events
from events.models import Event, Track
from judging.awards import rules
from judging.awards.models import PLACES, Award, Publication
from judging.awards.standings import standings
from judging.panel.models import Assignment
from notices.actions import record
from submissions.entries import actions as entries
from submissions.entries.models import Submission
from theme.refusal import Refused


def _locked(event: Event) -> Event:
    """The event's row, locked against whoever decides or publishes at the same time."""
    found = Event.objects.select_for_update(no_key=True).get(pk=event.pk)
    if rules.is_published(found):
        raise Refused(
            _("The results are published, so the places stay as they are."), code="awards.published"
        )
    return found


@transaction.atomic
def propose_from_ranking(user: User, event: Event) -> list[Award]:
    """Fills the free places of each track in the order of the ranking; decided places stay.

    A submission nobody reviewed is never proposed.
    """
    if not rules.can_see_ranking(user, event):
        raise Refused(_("Only organizers decide the places."), code="awards.not_yours")
    event = _locked(event)
    made: list[Award] = []
    for track, rows in standings(event).tracks:
        if rules.has_interest(user, track):
            continue
        given = {award.place: award.submission_id for award in track.awards.all()}
        free = [place for place in PLACES if place not in given]
        best = [r.submission for r in rows if r.reviews and r.submission.pk not in given.values()]
        for place, submission in zip(free, best, strict=False):
            made.append(
                Award.objects.create(event=event, track=track, place=place, submission=submission)
            )
    record(user, "propose_awards", event, awards=[award.pk for award in made])
    return made


@transaction.atomic
def set_award(
    user: User, track: Track, *, place: int, submission: Submission, reason: str
) -> Award:
    """The organizers' decision on top of the ranking; who held the place before loses it."""
    if not rules.can_decide(user, track):
        raise Refused(
            _("You cannot decide about %(track)s.") % {"track": track}, code="awards.not_yours"
        )
    event = _locked(track.event)
    if submission.track_id != track.pk or submission.state != Submission.State.SUBMITTED:
        raise Refused(
            _("%(submission)s does not compete in %(track)s.")
            % {"submission": submission, "track": track},
            code="awards.foreign_submission",
        )
    if place not in PLACES:
        raise Refused(_("Choose place 1, 2 or 3."), code="awards.odd_place")
    if not reason.strip():
        raise Refused(_("Say why: the reason is kept with the decision."), code="awards.no_reason")
    track.awards.filter(submission=submission).exclude(place=place).delete()
    award, _created = Award.objects.update_or_create(
        event=event,
        track=track,
        place=place,
        defaults={"submission": submission, "reason": reason.strip()},
    )
    told = {"track": track.slug, "place": place, "submission": str(submission.pk)}
    record(user, "set_award", award, reason=award.reason, **told)
    return award


@transaction.atomic
def publish(user: User, event: Event, *, confirmed: bool = False) -> Publication:
    """Shows the winners to everybody and ends judging, with the ranking as it stands now."""
    if not rules.can_publish(user, event):
        raise Refused(_("Only the owner of the event publishes results."), code="awards.not_yours")
    event = _locked(event)
    _refuse_gaps(event)
    if not confirmed:
        raise Refused(
            _("Tick the box first: publishing shows the winners to everybody and ends judging."),
            code="awards.not_confirmed",
        )
    # Each save of a ballot holds the lock of its assignment: with all of them held, a score is
    # either in this ranking or refused, never shown but not counted (F42).
    list(Assignment.objects.of(event).select_for_update(of=("self",)).order_by("pk"))
    found = standings(event)
    publication = Publication.objects.create(
        event=event,
        published_by=user,
        ranking=found.snapshot(),
        input_hash=found.input_hash,
    )
    events.open_results(user, event)
    entries.reveal(user, event)
    record(user, "publish_results", publication, input_hash=found.input_hash)
    return publication


def missing_places(event: Event) -> list[str]:
    """“Category: 2, 3” for each track that has submissions for more places than were given."""
    missing = []
    for track in event.tracks.all():
        competing = track.submissions.submitted().count()
        given = set(track.awards.values_list("place", flat=True))
        gaps = [str(place) for place in PLACES[:competing] if place not in given]
        if gaps:
            missing.append(f"{track}: {', '.join(gaps)}")
    return missing


def _refuse_gaps(event: Event) -> None:
    if missing := missing_places(event):
        raise Refused(
            _("Places still to be given: %(places)s.") % {"places": "; ".join(missing)},
            code="awards.missing_places",
        )


@transaction.atomic
def unpublish(user: User, event: Event) -> None:
    """Takes the results back; the places stay decided, the audit trail keeps what was shown."""
    if not rules.can_publish(user, event):
        raise Refused(_("Only the owner of the event takes results back."), code="awards.not_yours")
    publication = Publication.objects.select_for_update(of=("self",)).filter(event=event).first()
    if publication is None:
        raise Refused(_("The results are not published."), code="awards.not_published")
    record(
        user, "unpublish_results", publication,
        input_hash=publication.input_hash, ranking=publication.ranking,
    )  # fmt: skip
    publication.delete()
    events.close_results(user, event)
    entries.conceal(user, event)
