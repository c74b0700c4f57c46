"""Who presents and when they can; what a visitor marks as theirs."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Viewer
from events.models import Event


class ContributorQuerySet(models.QuerySet["Contributor"]):
    def active(self) -> "ContributorQuerySet":
        return self.filter(withdrawn_at__isnull=True)

    def of(self, user: Viewer) -> "ContributorQuerySet":
        return self.filter(user_id=user.pk).exclude(user=None)


class Contributor(models.Model):
    """A person's part in a session or in a poster, in the order in which they are named.

    The name stands here, too: a co-author need not have an account.
    """

    session = models.ForeignKey(
        "programme.Session", null=True, on_delete=models.CASCADE, related_name="contributors"
    )
    poster = models.ForeignKey(
        "programme.Poster", null=True, on_delete=models.CASCADE, related_name="contributors"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="contributions"
    )
    name = models.CharField(_("name"), max_length=200)
    affiliation = models.CharField(_("affiliation"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = ContributorQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(session__isnull=True) ^ Q(poster__isnull=True),
                name="contributes_to_a_session_or_a_poster",
            ),
            models.UniqueConstraint(fields=["session", "user"], name="speaks_once_in_a_session"),
            models.UniqueConstraint(fields=["poster", "user"], name="author_once_of_a_poster"),
        ]

    def __str__(self) -> str:
        return self.name


class Presenter(models.Model):
    """What a speaker or author tells the organizers of one event."""

    class Release(models.TextChoices):
        OPEN = "", _("not answered")
        GIVEN = "given", _("agreed")
        REFUSED = "refused", _("not agreed")

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="presenters")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="presenting"
    )
    equipment = models.TextField(_("what you need"), max_length=1000, blank=True)
    release = models.CharField(_("release form"), max_length=10, choices=Release, blank=True)
    released_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "user"], name="presenter_once_an_event"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.event}"


class Availability(models.Model):
    """A time in which somebody can present. Who has told none can always."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="availabilities")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="availabilities"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="availability_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.starts_at} to {self.ends_at}"


class Star(models.Model):
    """What somebody wants to see; nobody else learns of it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="stars"
    )
    session = models.ForeignKey(
        "programme.Session", null=True, on_delete=models.CASCADE, related_name="stars"
    )
    poster = models.ForeignKey(
        "programme.Poster", null=True, on_delete=models.CASCADE, related_name="stars"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(session__isnull=True) ^ Q(poster__isnull=True),
                name="star_on_a_session_or_a_poster",
            ),
            models.UniqueConstraint(fields=["user", "session"], name="session_starred_once"),
            models.UniqueConstraint(fields=["user", "poster"], name="poster_starred_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.session or self.poster}"


def new_token() -> str:
    """144 random bits: the link is the only key to a private calendar."""
    return secrets.token_urlsafe(18)


class Calendar(models.Model):
    """The private address of a person's own calendar of an event."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="calendars")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendars"
    )
    token = models.CharField(max_length=40, unique=True, default=new_token)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "user"], name="calendar_once_an_event"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.event}"
