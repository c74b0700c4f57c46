"""The published ranking, computed anew from the ballots and held against what was published."""

from collections.abc import Iterator, Mapping
from typing import Any

from events.models import Event
from judging.awards.models import Publication
from judging.awards.standings import standings

# Probabilities are counted from draws, whose last digits differ between processors; places do not.
TOLERANCE = 0.002


def differences(publication: Publication) -> list[str]:
    """What is not as it was published, one sentence each; none when all is reproduced."""
    found = standings(publication.event)
    told, now = publication.ranking, found.snapshot()
    lines = []
    if publication.input_hash != found.input_hash:
        lines.append(
            f"ballots: the hash was {publication.input_hash}, it is {found.input_hash} now"
        )
    if told.get("model") != now["model"]:
        lines.append(f"model: it was version {told.get('model')}, it is {now['model']} now")
    for track in sorted({*told["tracks"], *now["tracks"]}):
        rows, anew = (_by_submission(side["tracks"].get(track, [])) for side in (told, now))
        lines += _compare(track, rows, anew)
    judges = (
        {pk: {"severity": value} for pk, value in side["judges"].items()} for side in (told, now)
    )
    return lines + list(_compare("judges", *judges))


def _by_submission(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["submission"]: row for row in rows}


def _compare(
    where: str, told: Mapping[str, Mapping[str, Any]], now: Mapping[str, Mapping[str, Any]]
) -> Iterator[str]:
    for key in sorted({*told, *now}):
        if key not in now:
            yield f"{where}: {key} was published and is not ranked now"
        elif key not in told:
            yield f"{where}: {key} is ranked now and was not published"
        else:
            yield from _compare_row(f"{where}: {key}", told[key], now[key])


def _compare_row(where: str, told: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted({*told, *now}):
        one, other = told.get(name), now.get(name)
        if isinstance(one, float) and isinstance(other, float):
            if abs(one - other) > TOLERANCE:
                yield f"{where}: {name} was {one}, it is {other} now"
        elif one != other:
            yield f"{where}: {name} was {one}, it is {other} now"


def decided_places(event: Event) -> list[str]:
    """The places given by decision, with their reasons: the ranking does not explain those."""
    decided = event.awards.exclude(reason="").select_related("track", "submission")
    return [f"{award}: {award.reason}" for award in decided]
