"""An event, its phases, tracks and pages, and the rules of conduct its people accept."""

import uuid
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Viewer, known_zone
from events.features import Feature, usual_features

hex_colour = RegexValidator(r"^#[0-9a-fA-F]{6}\Z", _("Write a colour as #rrggbb, such as #1250a8."))


class EventQuerySet(models.QuerySet["Event"]):
    def published(self) -> "EventQuerySet":
        return self.filter(state=Event.State.PUBLISHED)

    def public(self) -> "EventQuerySet":
        """Known to everybody: published, and those that are over and kept to be read."""
        return self.filter(state__in=Event.PUBLIC)

    def run_by(self, user: Viewer) -> "EventQuerySet":
        from events.models.role import Role

        return self.filter(Q(roles__user_id=user.pk, roles__kind__in=Role.RUNNING)).distinct()

    def judged_by(self, user: Viewer) -> "EventQuerySet":
        return self.filter(roles__user_id=user.pk, roles__kind="judge")

    def visible_to(self, user: Viewer) -> "EventQuerySet":
        """Published ones for everybody, drafts for those who run them."""
        from events.models.role import Role

        running = Role.objects.filter(user_id=user.pk, kind__in=Role.RUNNING)
        return self.filter(Q(state__in=Event.PUBLIC) | Q(pk__in=running.values("event_id")))


def logo_place(event: "Event", name: str) -> str:
    return f"logos/{uuid.uuid4().hex}.png"


def usual_offer() -> timedelta:
    return timedelta(days=3)


class Event(models.Model):
    class Kind(models.TextChoices):
        """Chooses defaults only (events.features, events.templates); everything can be edited."""

        HACKATHON = "hackathon", _("Hackathon")
        CONFERENCE = "conference", _("Conference")
        PROGRAMME = "programme", _("Mentored programme")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        ARCHIVED = "archived", _("Archived")

    class Admission(models.TextChoices):
        OPEN = "open", _("Open: whoever registers takes part")
        APPLICATION = "application", _("By application: organizers accept or decline")
        INVITATION = "invitation", _("By invitation only")

    PUBLIC = (State.PUBLISHED, State.ARCHIVED)
    RESERVED = ("new",)  # where the wizard stands
    Feature = Feature

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.HACKATHON)
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    summary = models.CharField(_("one sentence about it"), max_length=300, blank=True)
    description = models.TextField(_("description"), max_length=20_000, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    timezone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[known_zone]
    )
    team_size = models.PositiveSmallIntegerField(_("largest team"), default=5)
    switched = models.JSONField(default=dict, blank=True)  # {feature: on}, where not the kind's
    results_at = models.DateTimeField(_("results public since"), null=True, blank=True)
    admission = models.CharField(
        _("who may come"), max_length=20, choices=Admission, default=Admission.OPEN
    )
    capacity = models.PositiveIntegerField(_("places"), null=True, blank=True)
    offer_lasts = models.DurationField(_("time to confirm a place"), default=usual_offer)
    answers_until = models.DateTimeField(_("answers can be changed until"), null=True, blank=True)
    second_factor = models.BooleanField(
        _("organizers and judges need a second factor to sign in"), default=False
    )
    logo = models.ImageField(upload_to=logo_place, blank=True)
    colour = models.CharField(_("colour"), max_length=7, blank=True, validators=[hex_colour])
    on_colour = models.CharField(
        _("text on that colour"), max_length=7, blank=True, validators=[hex_colour]
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(team_size__gte=1), name="team_has_room"),
            models.CheckConstraint(
                condition=Q(capacity__isnull=True) | Q(capacity__gte=1), name="event_has_room"
            ),
            models.CheckConstraint(
                condition=Q(offer_lasts__gt=timedelta()), name="offer_lasts_a_while"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("events:detail", args=[self.slug])

    def clean(self) -> None:
        if self.slug in self.RESERVED:
            raise ValidationError({"slug": _("This address is taken.")})

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def has(self, feature: str) -> bool:
        """Is this page or entry type on? What was never switched is as usual for the kind."""
        return bool(self.switched.get(feature, feature in usual_features(self.kind)))

    @property
    def features(self) -> list[str]:
        return [feature.value for feature in Feature if self.has(feature)]


class PhaseQuerySet(models.QuerySet["Phase"]):
    def open(self) -> "PhaseQuerySet":
        """Open now, by the clock of the database, grace included; never in an archived event."""
        return self.filter(_open_now())

    def telling_open(self) -> "PhaseQuerySet":
        """All of them, each with `is_open`."""
        return self.annotate(is_open=ExpressionWrapper(_open_now(), models.BooleanField()))

    def ahead(self) -> "PhaseQuerySet":
        """Those with an opening or a closing still to come."""
        return self.filter(closes_at__gt=Now())


def _open_now() -> Q:
    within = Q(opens_at__lte=Now(), closes_at__gt=Now() - F("grace"))
    return within & ~Q(event__state=Event.State.ARCHIVED)


def usual_grace() -> timedelta:
    return settings.PODIUM_GRACE


class Phase(models.Model):
    """A window of time in which one kind of thing may be done."""

    class Kind(models.TextChoices):
        REGISTRATION = "registration", _("Registration")
        SUBMISSION = "submission", _("Submission")
        JUDGING = "judging", _("Judging")
        MENTORING = "mentoring", _("Mentoring")
        VOTING = "voting", _("Audience vote")
        EVENT = "event", _("The event itself")
        RESULTS = "results", _("Results public")

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="phases")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    name = models.CharField(_("own name"), max_length=80, blank=True)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    grace = models.DurationField(_("grace"), default=usual_grace)

    objects = PhaseQuerySet.as_manager()

    class Meta:
        ordering = ["opens_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "kind"], name="one_phase_of_a_kind"),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="phase_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(grace__gte=timedelta()), name="grace_is_never_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event}: {self.label}"

    @property
    def label(self) -> str:
        return self.name or self.get_kind_display()


class Extension(models.Model):
    """More time in one phase for one person."""

    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, related_name="extensions")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="extensions"
    )
    until = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        ordering = ["until", "id"]
        constraints = [
            models.UniqueConstraint(fields=["phase", "user"], name="one_extension_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.phase}"


class Track(models.Model):
    """A category in which submissions compete, and for which people may register."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="tracks")
    slug = models.SlugField(_("address"), max_length=80)
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("description"), max_length=5000, blank=True)
    capacity = models.PositiveIntegerField(_("places"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "slug"], name="track_slug_once_an_event"),
            models.CheckConstraint(
                condition=Q(capacity__isnull=True) | Q(capacity__gte=1), name="track_has_room"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Page(models.Model):
    """A page of an event in Markdown: travel, rules, prizes."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="pages")
    slug = models.SlugField(_("address"), max_length=80)
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"), max_length=50_000)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "slug"], name="page_slug_once_an_event"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("events:page", args=[self.event.slug, self.slug])


class Conduct(models.Model):
    """One version of an event's code of conduct; never changed, only followed by the next."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="conducts")
    version = models.PositiveIntegerField(default=1)
    text = models.TextField(_("code of conduct"), max_length=50_000)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["event", "version"], name="conduct_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.event}: code of conduct, version {self.version}"


class Acceptance(models.Model):
    """That a person accepted one version of the code of conduct, and when."""

    conduct = models.ForeignKey(Conduct, on_delete=models.PROTECT, related_name="acceptances")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="acceptances"
    )
    accepted_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conduct", "user"], name="conduct_accepted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.conduct}"
