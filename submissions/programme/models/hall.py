"""The poster hall: posters, their boards, and who stands before them."""

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Viewer
from events.models import Event, Registration, Role, Track
from submissions.entries.links import Video, video_of
from submissions.entries.models import Submission, web_address
from submissions.programme.models.people import Contributor, Star
from submissions.programme.models.schedule import Programme

LINGERS = timedelta(seconds=75)  # for so long somebody counts as there after the last sign of them


class PosterQuerySet(models.QuerySet["Poster"]):
    def own(self, user: Viewer) -> "PosterQuerySet":
        return self.filter(pk__in=Contributor.objects.active().of(user).values("poster_id"))

    def visible_to(self, user: Viewer) -> "PosterQuerySet":
        """Those of the halls that one may visit, and the own ones."""
        own = Contributor.objects.active().of(user).values("poster_id")
        return self.filter(Q(event_id__in=halls_open_to(user)) | Q(pk__in=own))

    def with_marks_of(self, user: Viewer) -> "PosterQuerySet":
        """With all that a board's page says once: its file, its event's settings, and whether this
        visitor starred it and votes for it."""
        stars = Star.objects.filter(poster=OuterRef("pk"), user_id=user.pk)
        votes = Vote.objects.filter(poster=OuterRef("pk"), user_id=user.pk)
        found = self.select_related("sheet", "event__programme", "track")
        return found.annotate(starred=Exists(stars), voted=Exists(votes))

    def hung(self) -> "PosterQuerySet":
        """Those with a board somewhere."""
        return self.filter(Exists(Board.objects.filter(poster=OuterRef("pk"))))


def halls_open_to(user: Viewer) -> "models.QuerySet[Event, Any]":
    """Events whose hall this person may visit: who takes part, presents, judges or runs it.

    Everybody, if the organizers say so."""
    seen = Event.objects.visible_to(user)
    public = Programme.objects.filter(hall_public=True).values("event_id")
    registered = Registration.objects.active().filter(user_id=user.pk).values("event_id")
    roles = Role.objects.filter(user_id=user.pk).values("event_id")
    posters = Contributor.objects.active().of(user).values("poster__event_id")
    talks = Contributor.objects.active().of(user).values("session__event_id")
    return seen.filter(
        Q(pk__in=public)
        | Q(pk__in=registered)
        | Q(pk__in=roles)
        | Q(pk__in=posters.filter(poster__isnull=False))
        | Q(pk__in=talks.filter(session__isnull=False))
    ).values("pk")


def shown_at_boards(user: Viewer) -> "models.QuerySet[Submission]":
    """Submissions whose authors show at their poster what their data says, to who may visit it."""
    shown = Poster.objects.visible_to(user).filter(shows_evidence=True)
    return Submission.objects.submitted().filter(pk__in=shown.values("submission_id"))


class Poster(models.Model):
    """A poster with its conversation; boards in poster sessions are the places where it hangs."""

    LINKS = ("video_url", "code_url", "paper_url")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="posters")
    submission = models.ForeignKey(
        Submission, null=True, blank=True, on_delete=models.PROTECT, related_name="posters"
    )
    title = models.CharField(_("title"), max_length=250)
    abstract = models.TextField(_("abstract"), max_length=50_000, blank=True)
    track = models.ForeignKey(
        Track, on_delete=models.PROTECT, related_name="posters", verbose_name=_("category")
    )
    video_url = models.URLField(
        _("short video"), max_length=500, blank=True, validators=[web_address]
    )
    code_url = models.URLField(_("code"), max_length=500, blank=True, validators=[web_address])
    paper_url = models.URLField(_("paper"), max_length=500, blank=True, validators=[web_address])
    meeting_url = models.URLField(
        _("video room"), max_length=500, blank=True, validators=[web_address]
    )
    shows_evidence = models.BooleanField(_("show what our data says"), default=False)
    revision = models.PositiveIntegerField(default=0, editable=False)  # grows with all that is said

    objects = PosterQuerySet.as_manager()

    class Meta:
        ordering = ["title", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission"],
                condition=Q(submission__isnull=False),
                name="one_poster_a_submission",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("programme:poster", args=[self.event.slug, self.pk])

    @property
    def video(self) -> Video | None:
        """Played here if its provider is known; otherwise it is a link like others."""
        return video_of(self.video_url)

    @property
    def links(self) -> list[tuple[str, str]]:
        """(label, address) of each link that was given; a video that plays here is none."""
        names = [name for name in self.LINKS if name != "video_url" or not self.video]
        pairs = [(str(self._meta.get_field(n).verbose_name), getattr(self, n)) for n in names]  # type: ignore[union-attr]
        return [(label.capitalize(), address) for label, address in pairs if address]


class Board(models.Model):
    """A numbered place in a poster session at which one poster hangs."""

    session = models.ForeignKey(
        "programme.Session", on_delete=models.CASCADE, related_name="boards"
    )
    poster = models.ForeignKey(Poster, on_delete=models.CASCADE, related_name="boards")
    number = models.PositiveIntegerField(_("board"))

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["session", "number"], name="board_taken_once"),
            models.UniqueConstraint(fields=["session", "poster"], name="poster_hangs_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="boards_count_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.poster}"


class PresenceQuerySet(models.QuerySet["Presence"]):
    def now(self) -> "PresenceQuerySet":
        return self.filter(Q(seen_at__gte=Now() - LINGERS) | Q(presenting_until__gte=Now()))

    def presenting(self) -> "PresenceQuerySet":
        return self.filter(presenting_until__gte=Now())


class Presence(models.Model):
    """That somebody stands before a poster; an author may say so for some time ahead."""

    poster = models.ForeignKey(Poster, on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="presences"
    )
    seen_at = models.DateTimeField()
    presenting_until = models.DateTimeField(null=True)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["poster", "user"], name="present_once_at_a_poster"),
        ]
        indexes = [models.Index(fields=["seen_at"]), models.Index(fields=["presenting_until"])]

    def __str__(self) -> str:
        return f"{self.user} at {self.poster}"


class Remark(models.Model):
    """A line in the conversation at a board."""

    LONGEST = 1000

    poster = models.ForeignKey(Poster, on_delete=models.CASCADE, related_name="remarks")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="remarks"
    )
    text = models.TextField(max_length=LONGEST)
    hidden = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.text[:60]


class Card(models.Model):
    """A visitor's card, left for a poster's authors."""

    poster = models.ForeignKey(Poster, on_delete=models.CASCADE, related_name="cards")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="cards"
    )
    note = models.CharField(_("a word to the authors"), max_length=500, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["poster", "user"], name="card_left_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.poster}"


class Vote(models.Model):
    """An attendee's voice for the best poster of a category; one a person and mailbox (B70)."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="poster_votes")
    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="poster_votes")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="poster_votes"
    )
    poster = models.ForeignKey(Poster, on_delete=models.CASCADE, related_name="votes")
    mailbox = models.CharField(max_length=254, blank=True, editable=False)
    cast_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "track"], name="one_poster_vote_a_category"),
            models.UniqueConstraint(
                fields=["mailbox", "track"],
                condition=~Q(mailbox=""),
                name="one_poster_vote_a_mailbox",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.poster}"
