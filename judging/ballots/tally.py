"""What the ballots that count say, as the ranking takes it; and the hash of it."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from accounts.models import User
from events.models import Event, Track
from judging.ballots.models import Ballot, Comparison, Score
from judging.panel.models import Criterion
from submissions.entries.models import EntryType, Submission

# What a submission competes in: the same type in one track, which may be none (ids).
Rivals = tuple[int | None, int]


@dataclass(frozen=True)
class Entrant:
    """A submission as the ranking takes it, once for all its contests that ask the same of it."""

    submission: Submission
    asked: int | None  # the track whose own criteria count, beside those of the event
    contests: Sequence[Rivals]


@dataclass(frozen=True)
class Inputs:
    """Everything the ranking depends on, in a fixed order."""

    submissions: Sequence[Submission]
    judges: Sequence[User]
    criteria: Sequence[Criterion]
    scores: Sequence[tuple[int, Any, int, int]]  # judge, submission, criterion (ids), step
    answers: Sequence[tuple[int, Any, Any]] = ()  # judge, better, other (ids)

    @property
    def sha256(self) -> str:
        name = {pk: str(pk) for pk in {entry for _judge, entry, *_rest in self.scores}}
        told = {
            "submissions": [[str(s.pk), s.track_id] for s in self.submissions],
            "criteria": [[c.pk, c.weight, c.steps] for c in self.criteria],
            "scores": [[judge, name[entry], *rest] for judge, entry, *rest in self.scores],
        }
        if len({s.entry_type_id for s in self.submissions}) > 1:
            told["types"] = [s.entry_type_id for s in self.submissions]
        further = [[str(s.pk), contests_of(s)] for s in self.submissions if len(contests_of(s)) > 1]
        if further:
            told["further"] = further
        if self.answers:
            told["answers"] = [[judge, str(one), str(two)] for judge, one, two in self.answers]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    @cached_property
    def entrants(self) -> Sequence[Entrant]:
        """One for each submission; more where it enters tracks that ask different questions."""
        special = {c.track_id for c in self.criteria} - {None}
        found = []
        for submission in self.submissions:
            by_asked: dict[int | None, list[Rivals]] = {}
            for track, kind in contests_of(submission):
                by_asked.setdefault(track if track in special else None, []).append((track, kind))
            found += [Entrant(submission, *told) for told in by_asked.items()]
        return found

    @cached_property
    def contests(self) -> dict[Rivals, list[int]]:
        """The entrants (codes) of each contest; a submission stands in every track it enters."""
        found: dict[Rivals, list[int]] = {}
        for code, entrant in enumerate(self.entrants):
            for rivals in entrant.contests:
                found.setdefault(rivals, []).append(code)
        return found

    @cached_property
    def named(self) -> dict[Rivals, tuple[Track | None, EntryType]]:
        """The track and the type of each contest."""
        found: dict[Rivals, tuple[Track | None, EntryType]] = {}
        for submission in self.submissions:
            kind = submission.entry_type
            for track in submission.categories:
                found[track.pk, kind.pk] = track, kind
            found.setdefault((None, kind.pk), (None, kind))
        return found

    @cached_property
    def codes(self) -> dict[Any, list[int]]:
        """The entrants (codes) of each submission (id)."""
        found: dict[Any, list[int]] = {}
        for code, entrant in enumerate(self.entrants):
            found.setdefault(entrant.submission.pk, []).append(code)
        return found

    def arrays(self) -> tuple[tuple[np.ndarray, ...], dict[str, Any]]:
        """What `fit_ranking` takes; shorter scales are stretched to the longest."""
        judge = {user.pk: code for code, user in enumerate(self.judges)}
        criterion = {c.pk: code for code, c in enumerate(self.criteria)}
        home = list(dict.fromkeys(entrant.contests[0] for entrant in self.entrants))
        top = max((c.steps for c in self.criteria), default=2)
        stretch = {c.pk: (top - 1) / (c.steps - 1) for c in self.criteria}
        weight = [c.weight for c in self.criteria]
        asked, track = self._asked, {c.pk: c.track_id for c in self.criteria}
        rows = [(j, e, c, v) for j, pk, c, v in self.scores for e in asked[pk, track[c]]]
        pairs = [(j, w, k) for j, one, two in self.answers for w, k in self._met(one, two)]
        return (
            np.array([judge[j] for j, _e, _c, _v in rows], dtype=int),
            np.array([e for _j, e, _c, _v in rows], dtype=int),
            np.array([1 + (v - 1) * stretch[c] for _j, _e, c, v in rows], dtype=float),
        ), {
            "criterion": np.array([criterion[c] for _j, _e, c, _v in rows], dtype=int),
            "weight": weight if any(weight) else None,  # all zero: equal
            "track": [home.index(entrant.contests[0]) for entrant in self.entrants],
            "fields": list(self.contests.values()),
            "comparison_judge": np.array([judge[j] for j, _w, _l in pairs], dtype=int),
            "winner": np.array([w for _j, w, _l in pairs], dtype=int),
            "loser": np.array([k for _j, _w, k in pairs], dtype=int),
        }

    @cached_property
    def _asked(self) -> dict[tuple[Any, int | None], list[int]]:
        """The entrants (codes) of a submission of which the criteria of a track, or those of the
        whole event, are asked."""
        return {
            (submission, track): [e for e in codes if track in (None, self.entrants[e].asked)]
            for submission, codes in self.codes.items()
            for track in {None, *(c.track_id for c in self.criteria)}
        }

    def _met(self, one: Any, other: Any) -> list[tuple[int, int]]:
        """The entrants of two submissions that compete with each other, or else the first two."""
        pairs = [(a, b) for a in self.codes[one] for b in self.codes[other]]
        met = [(a, b) for a, b in pairs if self._rivals[a] & self._rivals[b]]
        return met or pairs[:1]

    @cached_property
    def _rivals(self) -> list[set[Rivals]]:
        return [set(entrant.contests) for entrant in self.entrants]


def contests_of(submission: Submission) -> list[Rivals]:
    """All that it competes in, its first category first."""
    tracks = submission.categories
    return [(track.pk, submission.entry_type_id) for track in tracks] or [
        (None, submission.entry_type_id)
    ]


def gather(event: Event) -> Inputs:
    """Reads the ballots that count."""
    scores = _scores(event)
    answers = list(_answers(event))
    # Prefetched, not joined: one object for each track and type instead of one for each submission.
    submissions = event.submissions.submitted().select_related("team")
    submissions = submissions.prefetch_related("track", "entry_type", "more_tracks")
    return Inputs(
        submissions=list(submissions.order_by("track__position", "track_id", "pk")),
        judges=list(
            User.objects.filter(pk__in={row[0] for row in [*scores, *answers]}).order_by("pk")
        ),
        criteria=list(event.criteria.order_by("pk")),
        scores=scores,
        answers=answers,
    )


def _scores(event: Event) -> list[tuple[int, Any, int, int]]:
    """(judge, submission, criterion, step) in order. Which ballots count is asked once for each,
    not once for each of its scores."""
    counted = Ballot.objects.counted().filter(assignment__submission__event=event)
    rows = counted.values_list("pk", "assignment__judge", "assignment__submission")
    given: dict[int, list[tuple[int, int]]] = {pk: [] for pk, _judge, _submission in rows}
    told = Score.objects.filter(criterion__event=event, value__isnull=False)
    for pk, criterion, step in told.values_list("ballot", "criterion", "value"):
        if pk in given:
            given[pk].append((criterion, step or 0))
    return [
        (judge, submission, *one)
        for judge, submission, pk in sorted((j, s, pk) for pk, j, s in rows)
        for one in sorted(given[pk])
    ]


def _answers(event: Event) -> Iterator[tuple[int, Any, Any]]:
    """(judge, better, other) of the comparisons that count, one for each pair a judge answered.

    Where criteria were asked one by one, whoever has more of their weight is the better one: their
    answers have the judge's impression in common, so several are not as good as several judges.
    """
    kept = Comparison.objects.counted(event).order_by("judge", "pk")
    rows = kept.values_list("judge", "one", "other", "better", "criterion__weight")
    pairs: dict[tuple[int, Any, Any], list[tuple[Any, float | None]]] = {}
    for judge, one, other, better, weight in rows:
        pairs.setdefault((judge, one, other), []).append((better, weight))
    for (judge, one, other), told in pairs.items():
        best = _better(one, other, told)
        if best is not None:
            yield judge, best, other if best == one else one


def _better(one: Any, other: Any, told: Sequence[tuple[Any, float | None]]) -> Any:
    """The better of two, None for "cannot tell"; what was said overall goes before criteria."""
    for better, weight in told:
        if weight is None and better is not None:
            return better
    lead = sum((weight or 0) * ((better == one) - (better == other)) for better, weight in told)
    if abs(lead) < 1e-9:
        return None
    return one if lead > 0 else other
