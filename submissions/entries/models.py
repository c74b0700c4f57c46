"""What people hand in: the submission, its immutable versions, and who was given it to read."""

import uuid

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Viewer
from events.models import Event, Membership, Role, Team, Track

web_address = URLValidator(
    schemes=["http", "https"],
    message=_("Write a full web address that begins with https:// or http://."),
)


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def submitted(self) -> "SubmissionQuerySet":
        return self.filter(state=Submission.State.SUBMITTED)

    def revealed(self) -> "SubmissionQuerySet":
        return self.submitted().filter(revealed_at__lte=Now())

    def own(self, user: Viewer) -> "SubmissionQuerySet":
        return self.filter(team_id__in=Membership.objects.filter(user_id=user.pk).values("team_id"))

    def visible_to(self, user: Viewer) -> "SubmissionQuerySet":
        """The own team's always; final ones for those who run the event and for its readers; all
        final ones for everybody after the reveal."""
        teams = Membership.objects.filter(user_id=user.pk).values("team_id")
        running = Role.objects.filter(user_id=user.pk, kind__in=Role.RUNNING).values("event_id")
        given = Reader.objects.filter(user_id=user.pk).values("submission_id")
        final = Q(state=Submission.State.SUBMITTED)
        public = Q(revealed_at__lte=Now(), event__state=Event.State.PUBLISHED)
        return self.filter(
            Q(team_id__in=teams) | (final & (Q(event_id__in=running) | Q(pk__in=given) | public))
        )


class Submission(models.Model):
    """A project of a team in one track."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    NEEDED = ("title", "summary", "description")
    LINKS = ("repository_url", "demo_url", "video_url", "documentation_url")
    CONTENT = (*NEEDED, *LINKS)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="submissions")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="submissions")
    track = models.ForeignKey(
        Track, on_delete=models.PROTECT, related_name="submissions", verbose_name=_("category")
    )
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    title = models.CharField(_("title"), max_length=120)
    summary = models.CharField(_("summary"), max_length=300, blank=True)
    description = models.TextField(_("description"), max_length=20_000, blank=True)
    repository_url = models.URLField(_("code repository"), blank=True, validators=[web_address])
    demo_url = models.URLField(_("demo"), blank=True, validators=[web_address])
    video_url = models.URLField(_("video"), blank=True, validators=[web_address])
    documentation_url = models.URLField(_("documentation"), blank=True, validators=[web_address])
    revision = models.PositiveIntegerField(default=1)  # grows with every save of the draft
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    revealed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "team", "track"],
                condition=~Q(state="withdrawn"),
                name="one_submission_a_team_and_track",
            ),
            models.CheckConstraint(
                condition=~Q(state="submitted") | Q(submitted_at__isnull=False),
                name="submitted_has_a_time",
            ),
            models.CheckConstraint(condition=Q(revision__gte=1), name="revision_counts_from_one"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("entries:detail", args=[self.event.slug, self.pk])

    @property
    def content(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in self.CONTENT}

    @property
    def links(self) -> list[tuple[str, str]]:
        """(label, address) of each link that was given."""
        pairs = [(str(self._meta.get_field(n).verbose_name), getattr(self, n)) for n in self.LINKS]  # type: ignore[union-attr]
        return [(label.capitalize(), address) for label, address in pairs if address]


class SubmissionVersion(models.Model):
    """What was handed in at one instant; never changed. The receipt names its hash (I4)."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "number"], name="version_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.submission} v{self.number}"


class Reader(models.Model):
    """That a person outside the team was given a submission to read, as a judge is."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="readers")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="readings"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "user"], name="given_to_read_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} reads {self.submission}"
