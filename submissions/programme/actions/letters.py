"""The mails of this room: each is written in the transaction of what it tells."""

from collections import defaultdict
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db.models import F
from django.urls import reverse

from accounts.models import User
from events.models import Event
from notices.actions import post
from notices.models import Mail
from submissions.programme.models import Answer, Contributor, Question, Session


def address(name: str, *arguments: object) -> str:
    """A full address for a mail."""
    return f"{settings.PODIUM_ADDRESS.rstrip('/')}{reverse(f'programme:{name}', args=arguments)}"


def speakers_of(sessions: list[UUID]) -> dict[UUID | None, list[User]]:
    """{session: who presents in it}, authors of its posters among them."""
    found: dict[UUID | None, list[User]] = defaultdict(list)
    active = Contributor.objects.active().filter(user__isnull=False).select_related("user")
    for one in active.filter(session_id__in=sessions):
        if one.user:
            found[one.session_id].append(one.user)
    authors = active.filter(poster__boards__session_id__in=sessions)
    for author in authors.annotate(at=F("poster__boards__session_id")):
        at: UUID = author.at  # type: ignore[attr-defined]
        if author.user and at in sessions:
            found[at].append(author.user)
    return found


def tell_of_cancellation(session: Session) -> None:
    people = {*speakers_of([session.pk]).get(session.pk, [])}
    people |= {star.user for star in session.stars.select_related("user")}
    for user in people:
        post(
            user,
            "programme/mail/cancelled",
            cause=f"programme:cancelled:{session.pk}:{session.sequence}",
            event=session.event,
            event_name=session.event.name,
            title=session.title,
            link=address("agenda", session.event.slug),
        )


def tell_organizers_of_withdrawal(contributor: Contributor, event: Event) -> None:
    thing = contributor.session or contributor.poster
    for role in event.roles.filter(kind__in=("owner", "organizer")).select_related("user"):
        post(
            role.user,
            "programme/mail/withdrawn",
            cause=f"programme:withdrawn:{contributor.pk}:{contributor.withdrawn_at}",
            event=event,
            event_name=event.name,
            name=contributor.name,
            title=str(thing),
            link=address("editor", event.slug),
        )


def tell_of_question(question: Question) -> None:
    """Every author of the poster (or speaker of the talk) who has an account."""
    active = question.target.contributors.active().filter(user__isnull=False)
    for one in active.select_related("user"):
        if one.user and one.user != question.author:
            post(
                one.user,
                "programme/mail/question",
                cause=f"programme:question:{question.pk}",
                event=question.event,
                optional=True,
                event_name=question.event.name,
                title=str(question.target),
                asker=question.asker,
                text=question.text,
                private=question.private,
                link=_where(question),
            )


def tell_of_answer(answer: Answer) -> None:
    question = answer.question
    if question.author and question.author != answer.author:
        post(
            question.author,
            "programme/mail/answer",
            cause=f"programme:answer:{answer.pk}",
            event=question.event,
            optional=True,
            event_name=question.event.name,
            title=str(question.target),
            text=question.text,
            answer=answer.text,
            by=str(answer.author),
            link=_where(question),
        )


def _where(question: Question) -> str:
    name = "poster" if question.poster_id else "session"
    return address(name, question.event.slug, question.target.pk) + f"#question-{question.pk}"


def ask_for_feedback(event: Event) -> None:
    """When the event is over, each who took part; optional, and once."""
    for registration in event.registrations.active().select_related("user"):
        post(
            registration.user,
            "programme/mail/feedback",
            cause=f"programme:feedback:{event.pk}",
            event=event,
            optional=True,
            link=address("feedback", event.slug),
        )


def cause_of_day(event: Event, day: date) -> str:
    return f"programme:day:{event.pk}:{day}"


def asked_about_days(event: Event) -> set[tuple[int | None, str]]:
    """(person, cause) of each such mail that was written already."""
    found = Mail.objects.filter(cause__startswith=f"programme:day:{event.pk}:")
    return {*found.values_list("recipient_id", "cause")}


def ask_about_a_day(user: User, event: Event, day: date, sessions: list[Session]) -> None:
    """Optional, and once a day."""
    post(
        user,
        "programme/mail/day",
        cause=cause_of_day(event, day),
        event=event,
        optional=True,
        event_name=event.name,
        lines=[
            {"title": one.title, "link": address("give_session", event.slug, one.pk)}
            for one in sessions
        ],
    )
