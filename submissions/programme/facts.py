"""What the sessions of a version are, as plain data that outlives them: a released version keeps
it, so that an old one is read as it was."""

from collections import defaultdict
from typing import Any

from django.utils.translation import gettext as _

from submissions.programme.models import Board, Contributor, Version

Facts = dict[str, Any]


def facts_of(version: Version) -> dict[str, Facts]:
    """{session: its title, category, speakers and boards}; three queries for any number."""
    slots = version.slots.select_related("session__track")
    sessions = {slot.session_id: slot.session for slot in slots}
    speakers: dict[object, list[str]] = defaultdict(list)
    named = Contributor.objects.active().filter(session__in=sessions)
    for session, name in named.values_list("session_id", "name"):
        speakers[session].append(name)
    boards: dict[object, list[list[Any]]] = defaultdict(list)
    hung = Board.objects.filter(session__in=sessions).order_by("number")
    for session, number, poster, title in hung.values_list(
        "session_id", "number", "poster_id", "poster__title"
    ):
        boards[session].append([number, str(poster), title])
    return {
        str(key): {
            "title": one.title,
            "track": [one.track.slug, one.track.name] if one.track else None,
            "speakers": speakers[key],
            "boards": boards[key],
        }
        for key, one in sessions.items()
    }


def difference(before: Facts | None, after: Facts | None) -> Facts:
    """What became of a session's facts: {fact: [before, after]}, of boards {poster: the same}."""
    if not before or not after:
        return {}
    names = ("title", "speakers")
    found: Facts = {n: [before[n], after[n]] for n in names if before[n] != after[n]}
    old, new = (
        {poster: [number, title] for number, poster, title in f["boards"]} for f in (before, after)
    )
    boards = {
        poster: [old.get(poster), new.get(poster)]
        for poster in (new | old)
        if old.get(poster) != new.get(poster)
    }
    return found | ({"boards": boards} if boards else {})


def sentences(different: Facts, posters: set[str] | None = None) -> list[str]:
    """A difference in words; of boards only those of `posters`, if it is given."""
    told = []
    if "title" in different:
        told.append(_("before called “%(title)s”") % {"title": different["title"][0]})
    if "speakers" in different:
        names = ", ".join(different["speakers"][1]) or _("to be announced")
        told.append(_("now with: %(names)s") % {"names": names})
    for poster, (before, after) in different.get("boards", {}).items():
        if posters is None or poster in posters:
            told.append(_board(before, after))
    return told


def _board(before: list[Any] | None, after: list[Any] | None) -> str:
    if after is None:
        number, title = before or ["", ""]
        return _("“%(title)s” no longer hangs at board %(n)s") % {"title": title, "n": number}
    number, title = after
    if before is None:
        return _("“%(title)s” hangs at board %(n)s") % {"title": title, "n": number}
    told = {"title": title, "n": number, "before": before[0]}
    return _("“%(title)s” hangs at board %(n)s (before: %(before)s)") % told
