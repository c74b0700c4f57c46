"""Which further categories a submission enters, beside its first one."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from events.models import Team, Track
from submissions.entries.models import Submission
from theme.refusal import Refused


def enter(found: Submission, slugs: Sequence[str]) -> None:
    """Replaces them. The caller holds the row; raises Refused where the type does not allow one,
    or where the team is in one of them with something else."""
    wanted = {*slugs} - {found.track.slug if found.track else ""}
    tracks = list(found.entry_type.choosable_tracks().filter(slug__in=wanted))
    if len(tracks) < len(wanted):
        raise Refused(_("Choose a category of this event."), code="submission.foreign_track")
    if tracks and not found.entry_type.several_tracks:
        raise Refused(_("Choose one category only."), code="submission.one_track")
    found.more_tracks.set(tracks, through_defaults={"event_id": found.event_id})
    refuse_second(found)


def refuse_second(found: Submission) -> None:
    """A team is in each category once, with whichever of its submissions. For the first categories
    the database holds that; for further ones this, under a lock of the team."""
    if found.team_id is None or not found.entry_type.several_tracks:
        return
    Team.objects.select_for_update(no_key=True).get(pk=found.team_id)
    others = found.entry_type.submissions.filter(team=found.team_id).exclude(pk=found.pk)
    others = others.exclude(state=Submission.State.WITHDRAWN)
    for track in found.categories:
        if others.in_tracks([track]).exists():
            raise second_in(track)


def second_in(track: Track | None) -> Refused:
    if track is None:
        return Refused(_("Your team has another submission already."), code="submission.exists")
    return Refused(
        _("Your team has another submission in “%(track)s”; edit that one.") % {"track": track},
        code="submission.exists",
    )
