"""What an event lets people hand in: a project, a talk, a poster, a proposal."""

from functools import cache
from typing import Any, Final, Union

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from events.features import Feature
from events.models import Event, Phase, Track, usual_grace

# The built-in fields, with what they ask for unless an event says otherwise: (required, limit).
# Limits count characters; the columns of Submission hold at most LARGEST of them.
USUAL: Final[dict[str, tuple[bool, int]]] = {
    "title": (True, 120),
    "summary": (True, 300),
    "description": (True, 20_000),
    "repository_url": (False, 500),
    "demo_url": (False, 500),
    "video_url": (False, 500),
    "documentation_url": (False, 500),
    "paper_url": (False, 500),
    "built_with": (False, 300),
    "licence": (False, 40),
}
LARGEST: Final[dict[str, int]] = {name: limit for name, (_needed, limit) in USUAL.items()} | {
    "title": 250,
    "summary": 2_000,
    "description": 50_000,
}


class EntryTypeQuerySet(models.QuerySet["EntryType"]):
    def open(self) -> "EntryTypeQuerySet":
        """Taking submissions now by the database's clock, grace included: by the own window, or
        without one by the event's; never in an archived event."""
        return self.filter(_open_now())


@cache  # to build it takes longer than to ask it, and each save asks
def _open_now() -> Q:
    own = Q(opens_at__lte=Now(), closes_at__gt=Now() - F("grace"))
    phase = Phase.objects.open().filter(event=OuterRef("event"), kind=Phase.Kind.SUBMISSION)
    running = ~Q(event__state=Event.State.ARCHIVED)
    return running & (own | Q(Exists(phase), opens_at__isnull=True))


class EntryType(models.Model):
    class Kind(models.TextChoices):
        PROJECT = "project", _("Project")
        TALK = "talk", _("Talk")
        POSTER = "poster", _("Poster")
        PROPOSAL = "proposal", _("Proposal")

    class BelongsTo(models.TextChoices):
        TEAM = "team", _("a team")
        AUTHORS = "authors", _("authors in order")
        PERSON = "person", _("one person")

    class AtDeadline(models.TextChoices):
        HAND_IN = "hand_in", _("complete drafts are handed in as they are")
        KEEP = "keep", _("drafts stay drafts")

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="entry_types")
    slug = models.SlugField(max_length=40)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    name = models.CharField(_("name"), max_length=60)
    intro = models.TextField(_("what to hand in"), blank=True, max_length=2_000)
    belongs_to = models.CharField(_("belongs to"), max_length=20, choices=BelongsTo)
    fields = models.JSONField(default=dict, blank=True)  # {name: {"required": bool, "limit": int}}
    tracks = models.ManyToManyField(
        Track, blank=True, related_name="entry_types", verbose_name=_("categories it may enter")
    )  # none: all of the event
    uses_tracks = models.BooleanField(_("is entered in a category"), default=True)
    several_tracks = models.BooleanField(_("may enter several categories"), default=False)
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    grace = models.DurationField(_("grace"), default=usual_grace)
    at_deadline = models.CharField(
        _("at the deadline"), max_length=20, choices=AtDeadline, default=AtDeadline.HAND_IN
    )
    per_person = models.PositiveSmallIntegerField(_("most per person"), null=True, blank=True)
    per_team = models.PositiveSmallIntegerField(_("most per team"), null=True, blank=True)
    blind = models.BooleanField(_("reviewers do not see who wrote it"), default=False)
    decided = models.BooleanField(_("is accepted or rejected"), default=False)
    position = models.PositiveSmallIntegerField(default=0)
    settled_for = models.DateTimeField(null=True, editable=False)  # the deadline dealt with last

    objects = EntryTypeQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "slug"], name="entry_type_slug_once_an_event"),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True, closes_at__isnull=True)
                | Q(closes_at__gt=F("opens_at")),
                name="entry_type_window_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(belongs_to="team") | Q(per_team__isnull=True),
                name="limit_a_team_where_there_are_teams",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def offered(self) -> bool:
        """Not where organizers switched its kind off; what is begun may still be written."""
        return self.event.switched.get(FEATURES[self.Kind(self.kind)]) is not False

    @property
    def asked(self) -> dict[str, dict[str, Any]]:
        """The built-in fields that this type asks for, in order: {name: {required, limit}}.

        Empty `fields` asks for all of them; others ask for the title and those they name."""
        told: dict[str, Any] = {"title": {}} | (self.fields or {name: {} for name in USUAL})
        return {
            name: {"required": needed, "limit": limit} | told[name]
            for name, (needed, limit) in USUAL.items()
            if name in told
        }

    @property
    def needed(self) -> list[str]:
        return [name for name, field in self.asked.items() if field["required"]]

    def choosable_tracks(self) -> models.QuerySet[Track]:
        if not self.uses_tracks:
            return Track.objects.none()
        named = EntryType.tracks.through.objects.filter(entrytype=self.pk)
        own = Q(pk__in=named.values("track_id"))
        return Track.objects.filter(own | ~Exists(named), event=self.event_id)

    def closing(self) -> Union["EntryType", Phase, None]:
        """Where the deadline stands: this type with an own window, else the event's phase."""
        if self.closes_at:
            return self
        return self.event.phases.filter(kind=Phase.Kind.SUBMISSION).first()


FEATURES: Final = {
    EntryType.Kind.PROJECT: Feature.PROJECTS,
    EntryType.Kind.TALK: Feature.TALKS,
    EntryType.Kind.POSTER: Feature.POSTERS,
    EntryType.Kind.PROPOSAL: Feature.PROPOSALS,
}


class Question(models.Model):
    """What an event asks beside the built-in fields; answers lie in `Submission.answers`."""

    class Shape(models.TextChoices):
        LINE = "line", _("one line")
        TEXT = "text", _("text in Markdown")
        CHOICE = "choice", _("one of a list")
        LINK = "link", _("web address")

    class Unit(models.TextChoices):
        CHARACTERS = "characters", _("characters")
        WORDS = "words", _("words")

    entry_type = models.ForeignKey(EntryType, on_delete=models.CASCADE, related_name="questions")
    slug = models.SlugField(max_length=40)
    label = models.CharField(_("question"), max_length=200)
    help = models.CharField(_("help"), max_length=300, blank=True)
    shape = models.CharField(_("shape"), max_length=20, choices=Shape, default=Shape.TEXT)
    choices = models.JSONField(_("choices"), default=list, blank=True)
    required = models.BooleanField(_("required"), default=False)
    limit = models.PositiveIntegerField(_("limit"), default=2_000)
    unit = models.CharField(_("unit"), max_length=20, choices=Unit, default=Unit.CHARACTERS)
    identifies = models.BooleanField(_("tells who wrote it"), default=False)
    public = models.BooleanField(_("shown to everybody"), default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry_type", "slug"], name="question_slug_once_an_entry_type"
            ),
        ]

    def __str__(self) -> str:
        return self.label
