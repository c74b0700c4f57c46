"""From the ranking to the winners: propose, overrule, publish, take back."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from events import actions as events
from events.models import Event, Track
from judging.awards import mails, poster_votes, rules, winners
from judging.awards.confirming import refuse_unconfirmed
from judging.awards.models import PLACES, Award, Prize, Publication, Release
from judging.awards.standings import Contest, standings
from judging.ballots.tally import contests_of
from judging.panel.models import Assignment
from judging.panel.rules import has_interest
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

    A submission nobody judged is never proposed.
    """
    if not rules.can_see_ranking(user, event):
        raise Refused(_("Only organizers decide the places."), code="awards.not_yours")
    event = _locked(event)
    made: list[Award] = []
    for contest in standings(event).contests:
        if contest.track.pk is not None and not has_interest(user, contest.track):
            made += _fill(event, contest)
    record(user, "propose_awards", event, awards=[award.pk for award in made])
    return made


def _fill(event: Event, contest: Contest) -> list[Award]:
    told = {"event": event, "track": contest.track, "entry_type": contest.entry_type}
    given = list(Award.objects.filter(**told))
    named = {award.submission_id for award in given}
    best = [r.submission for r in contest.rows if r.judged and r.submission.pk not in named]
    return [
        Award.objects.create(place=place, submission=submission, **told)
        for place, submission in zip(free_places(given), best, strict=False)
    ]


def free_places(given: Sequence[Award]) -> list[int]:
    """Places still to be given; two who share the first leave no second."""
    count = Counter(award.place for award in given)
    taken = {place + more for place, shared in count.items() for more in range(shared)}
    return [place for place in PLACES if place not in taken]


@transaction.atomic
def set_award(
    user: User,
    track: Track,
    *,
    place: int,
    submission: Submission,
    reason: str,
    shared: bool = False,
) -> Award:
    """The organizers' decision on top of the ranking; who held the place before loses it, unless
    the two are to share it."""
    if not rules.can_decide(user, track):
        raise Refused(
            _("You cannot decide about %(track)s.") % {"track": track}, code="awards.not_yours"
        )
    event = _locked(track.event)
    if track not in submission.categories or submission.state != Submission.State.SUBMITTED:
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
    there = track.awards.filter(place=place, entry_type=submission.entry_type)
    if not shared:
        there.exclude(submission=submission).delete()
    share = (there.exclude(submission=submission).aggregate(Max("share"))["share__max"] or 0) + 1
    there.filter(submission=submission).delete()
    award = Award.objects.create(
        event=event,
        track=track,
        entry_type=submission.entry_type,
        place=place,
        share=share,
        submission=submission,
        reason=reason.strip(),
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
    poster_votes.recount(user, event)
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
    refuse_unconfirmed(user, event, found.input_hash)
    last = event.publications.order_by("-version").first()
    publication = Publication.objects.create(
        event=event,
        version=last.version + 1 if last else 1,
        published_by=user,
        ranking=found.snapshot(),
        places=winners.snapshot(event),
        numbers=winners.numbers(event),
        input_hash=found.input_hash,
    )
    events.open_results(user, event)
    entries.reveal(user, event)
    Release.objects.filter(event=event).delete()
    told = {"input_hash": found.input_hash, "version": publication.version}
    record(user, "publish_results", publication, **told)
    mails.tell(event, publication)
    return publication


def missing_places(event: Event) -> list[str]:
    """“Category: 2, 3” for each track, and of several types for each of them, that has submissions
    for more places than were given. Where those who came vote for prizes, a track that no judge was
    sent has no places."""
    rows = _competing(event)
    given = defaultdict(list)
    for award in event.awards.all():
        given[award.track_id, award.entry_type_id].append(award)
    tracks = event.tracks.in_bulk()
    types = {one.pk: one for one in event.entry_types.all()}
    mixed = len({kind for _track, kind, _count in rows}) > 1
    missing = []
    for track, kind, competing in rows:
        free = free_places(given[track, kind])
        gaps = [str(place) for place in PLACES[:competing] if place in free]
        name = f"{tracks[track]} · {types[kind]}" if mixed else str(tracks[track])
        if gaps:
            missing.append(f"{name}: {', '.join(gaps)}")
    return missing


def _competing(event: Event) -> list[tuple[int, int, int]]:
    """(track, type, how many): whatever competes for places."""
    found = event.submissions.submitted().select_related("track", "entry_type")
    entered = {one.pk: contests_of(one) for one in found.prefetch_related("more_tracks")}
    counted = Counter(rivals for contests in entered.values() for rivals in contests)
    if event.prizes.filter(by=Prize.By.VOTES).exists():
        sent = set(Assignment.objects.of(event).values_list("submission", flat=True))
        judged = {track for pk in sent & entered.keys() for track, _kind in entered[pk]}
        counted = Counter({one: n for one, n in counted.items() if one[0] in judged})
    order = [track.pk for track in event.tracks.all()]
    rows = ((track, kind, n) for (track, kind), n in counted.items() if track is not None)
    return sorted(rows, key=lambda row: (order.index(row[0]), row[1]))


def _refuse_gaps(event: Event) -> None:
    if missing := missing_places(event):
        raise Refused(
            _("Places still to be given: %(places)s.") % {"places": "; ".join(missing)},
            code="awards.missing_places",
        )
    if open_ := event.prizes.filter(submission__isnull=True):
        raise Refused(
            _("Prizes without a winner: %(names)s.")
            % {"names": ", ".join(prize.name for prize in open_)},
            code="awards.missing_prizes",
        )


@transaction.atomic
def unpublish(user: User, event: Event) -> None:
    """Takes the results back; the places stay decided, and what was shown is kept (B90)."""
    if not rules.can_publish(user, event):
        raise Refused(_("Only the owner of the event takes results back."), code="awards.not_yours")
    standing = Publication.objects.standing().select_for_update(of=("self",))
    publication = standing.filter(event=event).first()
    if publication is None:
        raise Refused(_("The results are not published."), code="awards.not_published")
    publication.withdrawn_at = Now()
    publication.save(update_fields=["withdrawn_at"])
    told = {"input_hash": publication.input_hash, "version": publication.version}
    record(user, "unpublish_results", publication, **told)
    events.close_results(user, event)
    entries.conceal(user, event)
