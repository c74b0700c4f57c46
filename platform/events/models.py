"""Events, their phases and tracks, and the people in them."""

import secrets
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Viewer, known_zone


class EventQuerySet(models.QuerySet["Event"]):
    def published(self) -> "EventQuerySet":
        return self.filter(state=Event.State.PUBLISHED)

    def run_by(self, user: Viewer) -> "EventQuerySet":
        return self.filter(Q(roles__user_id=user.pk, roles__kind__in=Role.RUNNING)).distinct()

    def visible_to(self, user: Viewer) -> "EventQuerySet":
        """Published ones for everybody, drafts for those who run them."""
        running = Role.objects.filter(user_id=user.pk, kind__in=Role.RUNNING)
        return self.filter(Q(state=Event.State.PUBLISHED) | Q(pk__in=running.values("event_id")))


class Event(models.Model):
    class Kind(models.TextChoices):
        HACKATHON = "hackathon", _("Hackathon")
        CONFERENCE = "conference", _("Conference")
        PROGRAMME = "programme", _("Mentored programme")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        ARCHIVED = "archived", _("Archived")

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.HACKATHON)
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    summary = models.CharField(max_length=300, blank=True)
    description = models.TextField(blank=True)
    timezone = models.CharField(max_length=64, default="UTC", validators=[known_zone])
    team_size = models.PositiveSmallIntegerField(_("largest team"), default=5)
    results_at = models.DateTimeField(_("results public since"), null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(team_size__gte=1), name="team_has_room"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("events:detail", args=[self.slug])


class PhaseQuerySet(models.QuerySet["Phase"]):
    def open(self) -> "PhaseQuerySet":
        """Open now, by the clock of the database, grace included."""
        return self.filter(opens_at__lte=Now(), closes_at__gt=Now() - F("grace"))


def usual_grace() -> timedelta:
    return settings.PODIUM_GRACE


class Phase(models.Model):
    """A window of time in which one kind of thing may be done."""

    class Kind(models.TextChoices):
        REGISTRATION = "registration", _("Registration")
        SUBMISSION = "submission", _("Submission")
        JUDGING = "judging", _("Judging")

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="phases")
    kind = models.CharField(max_length=20, choices=Kind)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    grace = models.DurationField(default=usual_grace)

    objects = PhaseQuerySet.as_manager()

    class Meta:
        ordering = ["opens_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "kind"], name="one_phase_of_a_kind"),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="phase_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event}: {self.get_kind_display()}"


class Track(models.Model):
    """A category in which submissions compete."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="tracks")
    slug = models.SlugField(max_length=80)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "slug"], name="track_slug_once_an_event"),
        ]

    def __str__(self) -> str:
        return self.name


class Role(models.Model):
    """What a person is in an event, beside taking part in it."""

    class Kind(models.TextChoices):
        OWNER = "owner", _("Owner")
        ORGANIZER = "organizer", _("Organizer")
        JUDGE = "judge", _("Judge")

    RUNNING = (Kind.OWNER, Kind.ORGANIZER)

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="roles")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="roles"
    )
    kind = models.CharField(max_length=20, choices=Kind)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "user", "kind"], name="role_held_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_kind_display()}"


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def active(self) -> "RegistrationQuerySet":
        return self.filter(state=Registration.State.REGISTERED)


class Registration(models.Model):
    """That a person takes part in an event."""

    class State(models.TextChoices):
        REGISTERED = "registered", _("Registered")
        CANCELLED = "cancelled", _("Cancelled")

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="registrations")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="registrations"
    )
    state = models.CharField(max_length=20, choices=State, default=State.REGISTERED)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "user"], name="registered_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.event}"


class TeamQuerySet(models.QuerySet["Team"]):
    def of(self, user: Viewer) -> "TeamQuerySet":
        return self.filter(memberships__user_id=user.pk)

    def visible_to(self, user: Viewer) -> "TeamQuerySet":
        """The own team, and every team of an event one runs."""
        own = Membership.objects.filter(user_id=user.pk).values("team_id")
        running = Role.objects.filter(user_id=user.pk, kind__in=Role.RUNNING).values("event_id")
        return self.filter(Q(pk__in=own) | Q(event_id__in=running))


def new_invite_code() -> str:
    """96 random bits: too many to guess (B68)."""
    return secrets.token_urlsafe(12)


class Team(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="teams")
    name = models.CharField(max_length=80)
    invite_code = models.CharField(max_length=32, unique=True, default=new_invite_code)
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="Membership", related_name="teams"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = TeamQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "name"], name="team_name_once_an_event"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("events:team", args=[self.event.slug])


class Membership(models.Model):
    """A seat in a team. The event stands here too, so that the database refuses a second team."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    leads = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "user"], name="one_team_a_person_an_event"),
            models.UniqueConstraint(
                fields=["team"], condition=Q(leads=True), name="one_lead_a_team"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.team}"
