"""Rooms, days, sessions, and the versions of the schedule that give them their places."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Viewer
from events.models import Event, Role, Track
from submissions.entries.models import Submission, web_address


class Programme(models.Model):
    """What this room needs to know of an event. Its row is the lock of the event's schedule."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="programme")
    revision = models.PositiveIntegerField(default=0)  # grows with every change of the draft
    hall_public = models.BooleanField(_("everybody may visit the poster hall"), default=False)
    moderated = models.BooleanField(_("questions in talks wait for a moderator"), default=False)
    slides_until = models.DateTimeField(_("slides and posters until"), null=True, blank=True)
    vote_opens_at = models.DateTimeField(_("best-poster vote from"), null=True, blank=True)
    vote_closes_at = models.DateTimeField(_("best-poster vote until"), null=True, blank=True)
    feedback_released_at = models.DateTimeField(null=True, blank=True, editable=False)
    release_form = models.TextField(
        _("release form"),
        max_length=5000,
        default="I agree that my talk or poster is recorded and published with the event.",
    )
    embed_from = models.CharField(
        _("sites that may embed the agenda"), max_length=500, blank=True, default=""
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(vote_opens_at__isnull=True)
                | Q(vote_closes_at__isnull=True)
                | Q(vote_closes_at__gt=F("vote_opens_at")),
                name="poster_vote_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event}: programme"


class Room(models.Model):
    """Where sessions take place: a hall, or a link, or both."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="rooms")
    name = models.CharField(_("name"), max_length=80)
    capacity = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    link = models.URLField(_("video link"), blank=True, validators=[web_address])
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    retired = models.BooleanField(default=False, editable=False)  # only old versions know it

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "name"], name="room_name_once_an_event"),
            models.CheckConstraint(
                condition=Q(capacity__isnull=True) | Q(capacity__gte=1), name="room_has_a_seat"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Day(models.Model):
    """A day of the programme with its hours, by the clocks of the event's zone."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="days")
    date = models.DateField(_("date"))
    opens = models.TimeField(_("from"))
    closes = models.TimeField(_("until"))

    class Meta:
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(fields=["event", "date"], name="day_once_an_event"),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="day_has_hours"),
        ]

    def __str__(self) -> str:
        return f"{self.date:%A, %-d %B %Y}"


class SessionQuerySet(models.QuerySet["Session"]):
    def released(self) -> "SessionQuerySet":
        return self.filter(pk__in=Slot.objects.current().values("session_id"))

    def visible_to(self, user: Viewer) -> "SessionQuerySet":
        """Released ones of an event one may know; all of them for those who run it."""
        running = Role.objects.filter(user_id=user.pk, kind__in=Role.RUNNING).values("event_id")
        seen = Event.objects.visible_to(user).values("pk")
        released = Slot.objects.current().values("session_id")
        return self.filter(Q(event_id__in=running) | Q(pk__in=released, event_id__in=seen))


class Session(models.Model):
    """What takes place: its own facts stay, while versions of the schedule move it about."""

    class Kind(models.TextChoices):
        TALK = "talk", _("Talk")
        KEYNOTE = "keynote", _("Keynote")
        POSTERS = "posters", _("Poster session")
        BREAK = "break", _("Break")

    SPOKEN = (Kind.TALK, Kind.KEYNOTE)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="sessions")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.TALK)
    title = models.CharField(_("title"), max_length=250)
    abstract = models.TextField(_("abstract"), max_length=50_000, blank=True)
    track = models.ForeignKey(
        Track,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="sessions",
        verbose_name=_("category"),
    )
    submission = models.ForeignKey(
        Submission, null=True, blank=True, on_delete=models.PROTECT, related_name="sessions"
    )
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=30)
    expected = models.PositiveIntegerField(_("people expected"), null=True, blank=True)
    sequence = models.PositiveIntegerField(default=0, editable=False)  # iCal: grows with changes
    cancelled_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission"],
                condition=Q(submission__isnull=False),
                name="one_session_a_submission",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=1440), name="session_lasts_up_to_a_day"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("programme:session", args=[self.event.slug, self.pk])

    @property
    def is_spoken(self) -> bool:
        return self.kind in self.SPOKEN


class VersionQuerySet(models.QuerySet["Version"]):
    def released(self) -> "VersionQuerySet":
        return self.filter(number__isnull=False)

    def current(self) -> "VersionQuerySet":
        """Of each event the version released last."""
        newest = (
            Version.objects.filter(event=models.OuterRef("event"), number__isnull=False)
            .order_by("-number")
            .values("pk")[:1]
        )
        return self.filter(pk=models.Subquery(newest))


class Version(models.Model):
    """A schedule: the draft (without a number), or what was released under its number."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="schedule_versions")
    number = models.PositiveIntegerField(null=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    changes = models.JSONField(default=list)
    # What its sessions were when it was released, {session: …} as `facts.facts_of` tells it.
    facts = models.JSONField(null=True, editable=False)
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = [F("number").desc(nulls_first=True)]
        constraints = [
            models.UniqueConstraint(fields=["event", "number"], name="version_once_an_event"),
            models.UniqueConstraint(
                fields=["event"], condition=Q(number__isnull=True), name="one_draft_an_event"
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=True, released_at__isnull=True)
                | Q(number__isnull=False, released_at__isnull=False),
                name="released_version_has_a_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event}: {self.number or 'draft'}"


class SlotQuerySet(models.QuerySet["Slot"]):
    def current(self) -> "SlotQuerySet":
        """Those of the version that each event released last."""
        return self.filter(version_id__in=Version.objects.current().values("pk"))

    def overlapping(self, start: datetime, end: datetime) -> "SlotQuerySet":
        return self.filter(starts_at__lt=end, ends_at__gt=start)


class Slot(models.Model):
    """Where and when a session is, in one version. No room: everywhere, as a break is.

    That no two slots of a version overlap in a room is held by the database itself (0002).
    """

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="slots")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="slots")
    room = models.ForeignKey(
        Room, null=True, blank=True, on_delete=models.PROTECT, related_name="slots"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    objects = SlotQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "room__position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "session"], name="session_placed_once"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="slot_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session} at {self.starts_at}"

    @property
    def length(self) -> timedelta:
        return self.ends_at - self.starts_at

    @staticmethod
    def planned(session: Session) -> timedelta:
        return timedelta(minutes=session.minutes)
