"""Which further categories a submission enters, beside its first."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from submissions.entries.models import Submission
from theme.refusal import Refused


def enter(found: Submission, slugs: Sequence[str]) -> None:
    """Replaces them. The caller holds the row; raises Refused where the type does not allow one."""
    wanted = {*slugs} - {found.track.slug if found.track else ""}
    tracks = list(found.entry_type.choosable_tracks().filter(slug__in=wanted))
    if len(tracks) < len(wanted):
        raise Refused(_("Choose a category of this event."), code="submission.foreign_track")
    if tracks and not found.entry_type.several_tracks:
        raise Refused(_("Choose one category only."), code="submission.one_track")
    found.more_tracks.set(tracks, through_defaults={"event_id": found.event_id})
