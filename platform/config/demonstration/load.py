"""Loads the demonstration through the same verbs that people use.

The worker scores its data sets when it runs.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from allauth.account.models import EmailAddress
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from anomaly.datasets import actions as datasets
from anomaly.datasets import checking
from anomaly.datasets.models import Dataset
from anomaly.jobs import actions as jobs
from config.demonstration.people import EXAMPLE_JUDGES, PASSWORD, SIGN_INS
from config.demonstration.tables import TABLES
from events import actions as events
from events.models import Event, Membership, Phase, Role
from judging.ballots import actions as ballots
from judging.panel import actions as panel
from submissions.entries import actions as entries
from submissions.entries import gallery
from submissions.entries.models import Submission

FACTS = Path(__file__).with_name("hackathon.yaml")
DAYS = {  # when each phase opened and closes, in days from the day of loading
    Phase.Kind.REGISTRATION: (-60, 60),
    Phase.Kind.SUBMISSION: (-60, 60),
    Phase.Kind.JUDGING: (-1, 90),
}


def facts() -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load(FACTS.read_text())
    return told


def load() -> None:
    """Makes what is missing of the demonstration; a start that was interrupted is completed."""
    told = facts()
    event = Event.objects.filter(slug=told["slug"]).first() or make_all(told)
    for project in told["projects"]:
        submission = event.submissions.get(title=project["name"])
        if "table" in project and not submission.datasets.ready().exists():
            attach_table(submission, project["table"])


@transaction.atomic
def make_all(told: dict[str, Any]) -> Event:
    organizer = make_person(SIGN_INS["organizer"][0], "Organizer")
    event = make_event(organizer, told)
    events.register(make_person(SIGN_INS["participant"][0], "Participant"), event)
    panel.use_reference_criteria(organizer, event)
    gallery.set_gallery(organizer, event, opens_at=timezone.now() - timedelta(days=1))
    projects = [(project, make_project(event, project)) for project in told["projects"]]
    seat_judges(organizer, event, projects)
    return event


def make_event(organizer: User, told: dict[str, Any]) -> Event:
    today = timezone.now()
    phases = {
        kind.value: [today + timedelta(days=opens), today + timedelta(days=closes)]
        for kind, (opens, closes) in DAYS.items()
    }
    own = {name: told[name] for name in ("slug", "name", "summary", "description", "tracks")}
    return events.create_event(
        organizer, told=own | {"phases": phases, "state": Event.State.PUBLISHED}
    )


def make_person(email: str, name: str, *, password: str | None = PASSWORD) -> User:
    """Somebody whose address counts as confirmed; without a password nobody can sign in as them."""
    user = User.objects.create_user(email, password, name=name)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def make_project(event: Event, project: dict[str, Any]) -> Submission:
    handle = "".join(c for c in project["name"].lower() if c.isalnum())
    author = make_person(f"{handle}@podium.example", project["name"], password=None)
    events.register(author, event)
    events.create_team(author, event, name=project["name"])
    content: dict[str, Any] = {name: project.get(name, "") for name in Submission.CONTENT}
    content["title"] = project["name"]
    content["publish"] = True
    draft = entries.create_draft(
        author, event, track=event.tracks.get(slug=project["track"]), **content
    )
    if "notebook" in project:
        attach_notebook(author, draft, project["notebook"])
    entries.submit(author, draft)
    draft.refresh_from_db()
    return draft


def attach_notebook(author: User, draft: Submission, name: str) -> None:
    content = FACTS.with_name(name).read_bytes()
    told = "The example table at first sight"
    entries.attach(author, draft, file=SimpleUploadedFile(name, content), caption=told)


def seat_judges(
    organizer: User, event: Event, projects: list[tuple[dict[str, Any], Submission]]
) -> None:
    """The judge who signs in has all nine to read; two example judges have judged already."""
    judge = make_person(SIGN_INS["judge"][0], "Judge")
    examples = [
        make_person(email, f"Example judge {n}", password=None)
        for n, email in enumerate(EXAMPLE_JUDGES, start=1)
    ]
    for person in [judge, *examples]:
        events.grant_role(organizer, event, to=person, kind=Role.Kind.JUDGE)
        for _project, submission in projects:
            panel.assign(organizer, submission, judge=person)
    criteria = [criterion.pk for criterion in event.criteria.all()]
    for project, submission in projects:
        for person, marks in zip(examples, project["marks"], strict=True):
            assignment = submission.assignments.get(judge=person)
            scores = dict(zip(criteria, marks, strict=True))
            ballots.submit(person, assignment, scores=scores)


def attach_table(submission: Submission, name: str) -> None:
    maker, label = TABLES[name]
    author = Membership.objects.get(team__submissions=submission).user
    dataset = datasets.upload(author, submission, file=ContentFile(maker(), f"{name}.csv"))
    if dataset.being_read:  # a busy machine
        checking.read_next()
        dataset.refresh_from_db()
    if dataset.state != Dataset.State.READY:
        return  # a machine too busy to read it in time; the next start tries again
    if label:
        datasets.choose_roles(author, dataset, roles={label: "label"})
    jobs.start(author, dataset)
