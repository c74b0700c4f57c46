"""The reference hackathon, simulated: 106 submissions in three categories, 20 judges, scores."""

import numpy as np
from django.utils import timezone

from accounts.models import User
from bench.judging_events import SETTINGS, simulate
from events import actions as events
from events.models import Event, Membership, Registration, Role, Team
from judging.ballots.models import Ballot, Score
from judging.panel import actions as panel
from judging.panel import assigning
from judging.panel.models import Assignment
from submissions.entries.models import Submission

TRACKS = {"tools": 45, "web": 36, "responsible": 25}
TEXT = """It **reads** a table.

```python
model = Project({number}).fit(X)
print(model.score(X))
```
"""


def fill(event: Event, organizer: User) -> None:
    """By the verbs where there are few, in bulk where there are hundreds."""
    event.tracks.get_or_create(slug="responsible", name="Responsible AI", position=3)
    panel.use_reference_criteria(organizer, event)
    for number in range(1, 21):
        judge = User.objects.create_user(f"judge{number}@example.org", None, name=f"Judge {number}")
        events.grant_role(organizer, event, to=judge, kind=Role.Kind.JUDGE)
    tracks = [t for slug, count in TRACKS.items() for t in [event.tracks.get(slug=slug)] * count]
    people = User.objects.bulk_create(
        [User(email=f"author{n}@example.org", name=f"Author {n}") for n in range(106)]
    )
    teams = Team.objects.bulk_create([Team(event=event, name=f"Team {n}") for n in range(106)])
    pairs = list(zip(people, teams, strict=True))
    Registration.objects.bulk_create([Registration(event=event, user=user) for user in people])
    Membership.objects.bulk_create(
        [Membership(event=event, team=team, user=user, leads=True) for user, team in pairs]
    )
    now, kind = timezone.now(), event.entry_types.first()
    Submission.objects.bulk_create(
        [
            Submission(
                event=event, entry_type=kind, team=team, track=track, state="submitted",
                title=f"Project {n}", summary=f"What project {n} does, in one sentence.",
                description=TEXT.replace("{number}", str(n)), submitted_at=now,
                repository_url=f"https://example.org/{n}", video_url=f"https://example.org/v/{n}",
            )
            for n, (team, track) in enumerate(zip(teams, tracks, strict=True))
        ]
    )  # fmt: skip


def assign_and_score(event: Event, organizer: User, *, leave_open: User, seed: int = 0) -> None:
    """Four reviews each; all are submitted but one on the desk of `leave_open`."""
    assigning.assign_all(organizer, event, reviews=4)
    simulated = simulate(SETTINGS["the reference hackathon"], np.random.default_rng(seed))
    number = {user.pk: n for n, user in enumerate(User.objects.filter(name__startswith="Judge "))}
    todo = list(Assignment.objects.of(event).select_related("submission").order_by("pk"))
    last = next(one for one in todo if one.judge_id == leave_open.pk)
    todo.remove(last)
    now = timezone.now()
    ballots = Ballot.objects.bulk_create(
        [
            Ballot(assignment=one, state="submitted", submitted_at=now, version=1, seconds=240,
                   comment="I liked it." if n % 5 == 0 else "")
            for n, one in enumerate(todo)
        ]
    )  # fmt: skip
    criteria = list(event.criteria.all())
    scores = []
    for ballot in ballots:
        entry = int(ballot.assignment.submission.title.split()[1])
        answer = simulated.answer[entry, number[ballot.assignment.judge_id]]
        scores += [
            Score(ballot=ballot, criterion=criterion, value=max(int(step), 1))
            for criterion, step in zip(criteria, answer, strict=True)
        ]
    Score.objects.bulk_create(scores)
