"""A submission as one kind of reader sees it: plain values, and nothing that leads further.

A page for judges, or for everybody, is drawn from a Reading and never from the submission itself.
What identifies the authors (names, team, affiliation, links, file names) is left empty for those
who read blind, so that no template can show it by mistake.
"""

from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

from accounts.models import Viewer
from events.rules import can_run
from submissions.entries.blindness import is_blind
from submissions.entries.links import Video, host_of, video_of
from submissions.entries.models import Attachment, Question, Submission, SubmissionVersion
from submissions.entries.rules import is_author


@dataclass(frozen=True)
class Link:
    label: str
    address: str
    host: str


@dataclass(frozen=True)
class Answer:
    question: str
    text: str
    markdown: bool


@dataclass(frozen=True)
class Person:
    name: str
    affiliation: str
    presents: bool


@dataclass(frozen=True)
class Paper:
    """A file, under the name that this reader may know."""

    key: str
    kind: str
    name: str
    caption: str

    @property
    def media_type(self) -> str:
        return "image/jpeg" if self.name.endswith(".jpg") else "image/png"


@dataclass(frozen=True)
class Reading:
    key: str  # of the submission
    kind: str
    title: str
    summary: str
    description: str
    track: str
    built_with: tuple[str, ...]
    answers: tuple[Answer, ...]
    blind: bool
    version: int | None
    event: str = ""  # its slug
    papers: tuple[Paper, ...] = ()
    licence: str = ""
    links: tuple[Link, ...] = ()
    video: Video | None = None
    byline: str = ""
    authors: tuple[Person, ...] = ()

    def __str__(self) -> str:
        return self.title


def for_organizer(submission: Submission) -> Reading:
    """All of it: for those who run the event, and for the authors themselves."""
    return _read(submission, None, blind=False, only_public=False)


def for_judge(submission: Submission, *, stored: bool = False) -> Reading:
    """The version that counts, which is the last one: nobody hands in after the deadline. With
    `stored`, what is written now, for the authors' preview."""
    version = None if stored else submission.versions.first()
    return _read(submission, version, blind=is_blind(submission), only_public=False)


def for_public(submission: Submission, *, stored: bool = False) -> Reading:
    version = None if stored else submission.versions.first()
    return _read(submission, version, blind=False, only_public=True)


def for_reader(user: Viewer, submission: Submission) -> Reading:
    """As this person may read it; who may see it at all is Submission.objects.visible_to."""
    if is_author(user, submission) or can_run(user, submission.event):
        return for_organizer(submission)
    given = submission.readers.filter(user_id=user.pk).exists()
    return for_judge(submission) if given else for_public(submission)


def _read(
    submission: Submission, version: SubmissionVersion | None, *, blind: bool, only_public: bool
) -> Reading:
    content = submission.content | (version.content if version else {})
    asked = submission.entry_type.questions.all()
    shown = [q for q in asked if not (blind and q.identifies) and (q.public or not only_public)]
    reading = Reading(
        key=str(submission.pk),
        kind=str(submission.entry_type),
        title=content["title"],
        summary=content["summary"],
        description=content["description"],
        track=" · ".join(map(str, submission.categories)),
        built_with=words(content.get("built_with", "")),
        answers=_answers(shown, content.get("answers", {})),
        blind=blind,
        version=version.number if version else None,
        event=submission.event.slug,
        papers=_papers(submission, blind=blind),
    )
    return reading if blind else _identified(reading, submission, content)


def _identified(reading: Reading, submission: Submission, content: dict[str, Any]) -> Reading:
    people = tuple(
        Person(one.name, one.affiliation, one.presents) for one in submission.authors.all()
    )
    names = [one.name for one in people]
    video = content.get("video_url", "")
    return replace(
        reading,
        links=_links(content),
        video=video_of(video) if video else None,
        licence=_licence(content.get("licence", "")),
        byline=str(submission.team) if submission.team else ", ".join(names),
        authors=people,
    )


def _papers(submission: Submission, *, blind: bool) -> tuple[Paper, ...]:
    """Blind, a file is known by its number: what its author called it may be a name. A ZIP, into
    which nobody looked, is not among them."""
    return tuple(
        Paper(
            str(one.pk),
            one.kind,
            f"{number}{PurePath(one.name).suffix}" if blind else one.name,
            one.caption,
        )
        for number, one in enumerate(submission.attachments.all(), start=1)
        if not (blind and one.kind == Attachment.Kind.ZIP)
    )


def _links(content: dict[str, Any]) -> tuple[Link, ...]:
    given = [(name, content.get(name, "")) for name in Submission.LINKS]
    return tuple(
        Link(_label(name).capitalize(), address, host_of(address))
        for name, address in given
        if address
    )


def _label(name: str) -> str:
    return str(Submission._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _licence(value: str) -> str:
    return str(Submission.Licence(value).label) if value in Submission.Licence else value


def _answers(questions: list[Question], answers: dict[str, str]) -> tuple[Answer, ...]:
    return tuple(
        Answer(q.label, answers[q.slug], markdown=q.shape == Question.Shape.TEXT)
        for q in questions
        if answers.get(q.slug)
    )


def words(listed: str) -> tuple[str, ...]:
    """Tools named with commas between them, each once, in the order they were written."""
    told = (one.strip() for one in listed.split(","))
    return tuple({one.casefold(): one for one in told if one}.values())
