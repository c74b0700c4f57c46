"""The submission: what it says, where it stands, who may see it."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Viewer
from events.models import Event, Membership, Role, Team, Track
from submissions.entries.links import allowed_address
from submissions.entries.models.decision import Decision
from submissions.entries.models.entry_type import LARGEST, EntryType
from submissions.entries.models.people import Author, Reader


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def submitted(self) -> "SubmissionQuerySet":
        return self.filter(state=Submission.State.SUBMITTED)

    def revealed(self) -> "SubmissionQuerySet":
        return self.submitted().filter(revealed_at__lte=Now())

    def accepted(self) -> "SubmissionQuerySet":
        """Accepted by those who decide, confirmed by its authors or not yet."""
        return self.submitted().filter(decision__in=[Decision.ACCEPTED, Decision.CONFIRMED])

    def confirmed(self) -> "SubmissionQuerySet":
        return self.submitted().filter(decision=Decision.CONFIRMED)

    def in_tracks(self, tracks: Iterable[Track]) -> "SubmissionQuerySet":
        """Entered in one of these, first or further. The counterpart for one row, once it is
        loaded, is `categories`."""
        further = FurtherTrack.objects.filter(track__in=tracks).values("submission_id")
        entered = Q(entry_type__several_tracks=True, pk__in=further)
        return self.filter(Q(track__in=tracks) | entered)

    def with_categories(self) -> "SubmissionQuerySet":
        """With all that `categories` of each row needs, in one query more."""
        return self.select_related("track", "entry_type").prefetch_related("more_tracks")

    def of_kind(self, *kinds: str) -> "SubmissionQuerySet":
        return self.filter(entry_type__kind__in=kinds)

    def run_by(self, user: Viewer) -> "SubmissionQuerySet":
        """Handed in, or withdrawn since, to an event this person runs."""
        running = Role.objects.filter(user_id=user.pk, kind__in=Role.RUNNING).values("event_id")
        return self.filter(event_id__in=running).exclude(state=Submission.State.DRAFT)

    def own(self, user: Viewer) -> "SubmissionQuerySet":
        return self.filter(_own(user))

    def visible_to(self, user: Viewer) -> "SubmissionQuerySet":
        """The own ones always; final ones for those who run the event and for its readers; all
        final ones for everybody after the reveal."""
        running = Role.objects.filter(user_id=user.pk, kind__in=Role.RUNNING).values("event_id")
        given = Reader.objects.of(user).values("submission_id")
        final = Q(state=Submission.State.SUBMITTED)
        return self.filter(
            _own(user) | (final & (Q(event_id__in=running) | Q(pk__in=given) | _public()))
        )

    def public(self) -> "SubmissionQuerySet":
        """What everybody may see: revealed with the results, or shown in the gallery, whose date
        has come, with its authors' consent; of what is decided on, only what is accepted."""
        return self.submitted().filter(_public())


def _public() -> Q:
    shown = Q(publish=True, event__gallery__opens_at__lte=Now())
    decided = Q(entry_type__decided=False) | Q(decision__in=[Decision.ACCEPTED, Decision.CONFIRMED])
    # An archived event keeps what it showed: links to a gallery outlive the event.
    published = Q(event__state__in=[Event.State.PUBLISHED, Event.State.ARCHIVED])
    return published & (Q(revealed_at__lte=Now()) | (shown & decided))


def _own(user: Viewer) -> Q:
    teams = Membership.objects.filter(user_id=user.pk).values("team_id")
    written = Author.objects.filter(user_id=user.pk).values("submission_id")
    return Q(team_id__in=teams) | Q(pk__in=written)


class Submission(models.Model):
    """Something that a team, authors in order or one person hand in, as one of the entry types."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Licence(models.TextChoices):
        MIT = "MIT", "MIT"
        APACHE = "Apache-2.0", "Apache 2.0"
        BSD = "BSD-3-Clause", "BSD 3-Clause"
        GPL = "GPL-3.0-or-later", "GNU GPL 3"
        CC_BY = "CC-BY-4.0", "Creative Commons Attribution 4.0"
        CC0 = "CC0-1.0", "CC0 (public domain)"
        RESERVED = "none", _("All rights reserved")
        OTHER = "other", _("Another, named in the description")

    NEEDED = ("title", "summary", "description")
    LINKS = ("repository_url", "demo_url", "video_url", "documentation_url", "paper_url")
    CONTENT = (*NEEDED, *LINKS, "built_with", "licence")
    # Beside the authors these tell who wrote it: a blind reader sees none of them.
    IDENTIFYING = (*LINKS, "licence")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="submissions")
    entry_type = models.ForeignKey(
        EntryType, on_delete=models.PROTECT, related_name="submissions", verbose_name=_("type")
    )
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, related_name="submissions", null=True, blank=True
    )
    track = models.ForeignKey(
        Track,
        on_delete=models.PROTECT,
        related_name="submissions",
        verbose_name=_("category"),
        null=True,  # an event, or one of its types, may do without
        blank=True,
    )
    more_tracks: "models.ManyToManyField[Track, FurtherTrack]" = models.ManyToManyField(
        Track,
        through="entries.FurtherTrack",
        blank=True,
        related_name="also_entered",
        verbose_name=_("further categories"),
    )  # where its type may enter several; `track` is the first of them
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    decision = models.CharField(max_length=20, choices=Decision, default=Decision.SUBMITTED)
    title = models.CharField(_("title"), max_length=LARGEST["title"])
    summary = models.CharField(_("summary"), max_length=LARGEST["summary"], blank=True)
    description = models.TextField(_("description"), max_length=LARGEST["description"], blank=True)
    repository_url = models.URLField(
        _("code repository"), max_length=500, blank=True, validators=[allowed_address]
    )
    demo_url = models.URLField(_("demo"), max_length=500, blank=True, validators=[allowed_address])
    video_url = models.URLField(
        _("video"), max_length=500, blank=True, validators=[allowed_address]
    )
    documentation_url = models.URLField(
        _("documentation"), max_length=500, blank=True, validators=[allowed_address]
    )
    paper_url = models.URLField(
        _("paper"), max_length=500, blank=True, validators=[allowed_address]
    )
    built_with = models.CharField(_("built with"), max_length=300, blank=True)
    licence = models.CharField(_("licence"), max_length=40, choices=Licence, blank=True)
    publish = models.BooleanField(_("may be published"), default=False)
    answers = models.JSONField(default=dict, blank=True)  # {slug of the question: text}
    revision = models.PositiveIntegerField(default=1)  # grows with every save of the draft
    request_key = models.CharField(max_length=80, blank=True, editable=False)  # sent twice (F32)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    changed_at = models.DateTimeField(db_default=Now(), editable=False)
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    revealed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry_type", "team", "track"],
                condition=~Q(state="withdrawn"),
                name="one_submission_a_team_and_track",
            ),
            models.CheckConstraint(
                condition=~Q(state="submitted") | Q(submitted_at__isnull=False),
                name="submitted_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="draft") | Q(decision=Decision.SUBMITTED),
                name="no_decision_on_a_draft",
            ),
            models.UniqueConstraint(
                fields=["request_key"], condition=~Q(request_key=""), name="begun_once_a_request"
            ),
            models.CheckConstraint(condition=Q(revision__gte=1), name="revision_counts_from_one"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("entries:detail", args=[self.event.slug, self.pk])

    @property
    def content(self) -> dict[str, Any]:
        """All that a version keeps: built-in fields, and the answers to the event's questions."""
        told = {name: getattr(self, name) for name in self.CONTENT}
        if self.entry_type.several_tracks:
            told["more_tracks"] = [track.slug for track in self.more_tracks.all()]
        return told | {"publish": self.publish, "answers": self.answers}

    @property
    def files(self) -> list[dict[str, str]]:
        """What a version keeps of the attachments: their names and the hashes of their bytes."""
        return [
            {"name": one.name, "caption": one.caption, "sha256": one.sha256}
            for one in self.attachments.all()
        ]

    @property
    def categories(self) -> list[Track]:
        """All that it enters, the first one first; of many rows see `with_categories`."""
        further = self.more_tracks.all() if self.entry_type.several_tracks else ()
        return [track for track in (self.track, *further) if track is not None]

    @property
    def links(self) -> list[tuple[str, str]]:
        """(label, address) of each link that was given."""
        pairs = [(str(self._meta.get_field(n).verbose_name), getattr(self, n)) for n in self.LINKS]  # type: ignore[union-attr]
        return [(label.capitalize(), address) for label, address in pairs if address]

    @property
    def byline(self) -> str:
        """Who hands it in: the team, or the authors in order."""
        if self.team_id:
            return str(self.team)
        return ", ".join(author.name for author in self.authors.all())

    @property
    def standing(self) -> str:
        """Where it stands, in a word: drafted, withdrawn, or what was decided."""
        if self.state != self.State.SUBMITTED or not self.entry_type.decided:
            return self.get_state_display()
        return self.get_decision_display()


class FurtherTrack(models.Model):
    """One more category that a submission enters; of the same event, which the database holds."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="+")
    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "track"], name="a_track_entered_once"),
        ]

    def __str__(self) -> str:
        return f"{self.submission}: {self.track}"
