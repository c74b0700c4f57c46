"""Questions to a talk or at a poster, their votes and answers."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Viewer
from events.models import Event, Role
from submissions.programme.models.hall import Poster
from submissions.programme.models.people import Contributor
from submissions.programme.models.schedule import Session


class QuestionQuerySet(models.QuerySet["Question"]):
    def public(self) -> "QuestionQuerySet":
        return self.filter(private=False, state__in=Question.SHOWN)

    def read_by(self, user: Viewer, *, asked: bool, moderates: bool) -> "QuestionQuerySet":
        """Of a session or poster that this person sees already: what `visible_to` would find, for
        a tenth of its cost. `asked`: speaks or presents there; `moderates`: runs the event."""
        if moderates:
            return self
        mine = Q(author_id=user.pk, author__isnull=False)
        if asked:
            return self.filter(mine | self._put_to_those_asked())
        return self.filter(mine | Q(private=False, state__in=Question.SHOWN))

    @staticmethod
    def _put_to_those_asked() -> Q:
        """Authors see what waits at their board, speakers only what a moderator let through."""
        at_board = Q(poster__isnull=False) & ~Q(state=Question.State.HIDDEN)
        return at_board | Q(session__isnull=False, state__in=Question.SHOWN)

    def visible_to(self, user: Viewer) -> "QuestionQuerySet":
        """Public ones where one may read along; private and waiting ones for the asker, for those
        they are put to, and for those who run the event."""
        running = Role.objects.filter(user_id=user.pk, kind__in=Role.RUNNING).values("event_id")
        asked = Contributor.objects.active().of(user)
        mine = Q(author_id=user.pk, author__isnull=False)
        to_me = Q(poster_id__in=asked.filter(poster__isnull=False).values("poster_id")) | Q(
            session_id__in=asked.filter(session__isnull=False).values("session_id"),
            state__in=Question.SHOWN,
        )
        here = Q(poster_id__in=Poster.objects.visible_to(user).values("pk")) | Q(
            session_id__in=Session.objects.visible_to(user).values("pk")
        )
        public = Q(private=False, state__in=Question.SHOWN) & here
        hidden_too = mine | Q(event_id__in=running)
        return self.filter(hidden_too | (to_me & ~Q(state=Question.State.HIDDEN)) | public)


class Question(models.Model):
    """Something a visitor wants to know. Plain text: markup is shown as it was typed."""

    LONGEST = 2000

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for a moderator")
        OPEN = "open", _("open")
        ANSWERED = "answered", _("answered")
        HIDDEN = "hidden", _("hidden")

    SHOWN = (State.OPEN, State.ANSWERED)

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="asked")
    session = models.ForeignKey(
        Session, null=True, on_delete=models.CASCADE, related_name="questions"
    )
    poster = models.ForeignKey(
        Poster, null=True, on_delete=models.CASCADE, related_name="questions"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="asked"
    )
    text = models.TextField(_("question"), max_length=LONGEST)
    private = models.BooleanField(_("only for the authors"), default=False)
    nameless = models.BooleanField(_("without my name"), default=False)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(session__isnull=True) ^ Q(poster__isnull=True),
                name="question_to_a_session_or_a_poster",
            ),
        ]
        indexes = [models.Index(fields=["poster", "state"]), models.Index(fields=["author"])]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def asker(self) -> str:
        return str(_("Somebody")) if self.nameless or not self.author else str(self.author)

    @property
    def target(self) -> Session | Poster:
        found = self.poster or self.session
        assert found is not None  # noqa: S101 - the database holds it
        return found


class Answer(models.Model):
    LONGEST = 5000

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answers")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="answers"
    )
    text = models.TextField(_("answer"), max_length=LONGEST)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text[:60]


class QuestionVote(models.Model):
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="votes")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="question_votes"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "user"], name="question_voted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.question}"
