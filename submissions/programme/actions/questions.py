"""Ask, vote, answer, moderate."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from notices.actions import record
from submissions.programme import rules
from submissions.programme.actions import letters
from submissions.programme.actions.hall import refuse_stranger, refuse_too_many, touch
from submissions.programme.models import Answer, Poster, Question, QuestionVote, Session
from theme.refusal import Refused


@transaction.atomic
def ask(
    user: User, thing: Session | Poster, *, text: str, private: bool = False, nameless: bool = False
) -> Question:
    """Puts a question to a talk's speakers or a poster's authors. It is plain text.

    Raises Refused if it is empty or longer than 2,000 characters; then nothing is stored.
    """
    refuse_stranger(user, thing.event)
    text = _checked(text, Question.LONGEST)
    if isinstance(thing, Session) and (not thing.is_spoken or thing.cancelled_at):
        raise Refused(_("Nobody speaks here; ask in a talk."), code="question.no_talk")
    refuse_too_many(user)
    to_poster = isinstance(thing, Poster)
    waits = not to_poster and rules.programme_of(thing.event).moderated
    question = Question.objects.create(
        event=thing.event,
        author=user,
        text=text,
        private=private and to_poster,
        nameless=nameless,
        state=Question.State.WAITING if waits else Question.State.OPEN,
        **{"poster" if to_poster else "session": thing},
    )
    if isinstance(thing, Poster):
        touch(thing)
    record(user, "ask", question, private=question.private)
    letters.tell_of_question(question)
    return question


def _checked(text: str, most: int) -> str:
    text = text.strip()
    if not text:
        raise Refused(_("Write something first."), code="question.empty")
    if len(text) > most:
        raise Refused(
            _("That is %(n)s characters; %(most)s are allowed. Shorten it and send it again.")
            % {"n": f"{len(text):,}", "most": f"{most:,}"},
            code="question.too_large",
        )
    return text


@transaction.atomic
def vote(user: User, question: Question, *, on: bool = True) -> None:
    """One voice a person, held by the database; asking again changes nothing."""
    refuse_stranger(user, question.event)
    if question.author_id == user.pk:
        raise Refused(_("Others vote for your question."), code="question.own")
    if on:
        QuestionVote.objects.get_or_create(question=question, user=user)
    else:
        QuestionVote.objects.filter(question=question, user=user).delete()
    if question.poster:
        touch(question.poster)


@transaction.atomic
def answer(user: User, question: Question, *, text: str) -> Answer:
    """A further answer; the question counts as answered from then on."""
    _refuse_other(user, question)
    text = _checked(text, Answer.LONGEST)
    made = Answer.objects.create(question=question, author=user, text=text)
    _set_state(user, question, Question.State.ANSWERED)
    letters.tell_of_answer(made)
    return made


def _refuse_other(user: User, question: Question) -> None:
    if not rules.can_answer(user, question):
        raise Refused(_("Those who were asked answer."), code="question.not_yours")


@transaction.atomic
def set_state(user: User, question: Question, *, state: str) -> Question:
    """Show, hide, mark as answered. Speakers and authors do it for what they are asked; only
    organizers let a waiting question through or show a hidden one again."""
    _refuse_other(user, question)
    if state not in Question.State.values:
        raise Refused(_("Choose what becomes of the question."), code="question.state")
    moderated = {Question.State.WAITING, Question.State.HIDDEN}
    if question.state in moderated and not rules.can_moderate(user, question.event):
        raise Refused(_("Only a moderator shows this question."), code="question.not_yours")
    return _set_state(user, question, state)


def _set_state(user: User, question: Question, state: str) -> Question:
    question.state = state
    question.save(update_fields=["state"])
    if question.poster:
        touch(question.poster)
    record(user, "set_question", question, state=state)
    return question
