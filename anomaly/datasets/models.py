"""Tables handed in with a submission: immutable versions, what was understood of each, how large
they may be, and uploads under way."""

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Viewer
from anomaly.datasets import store
from anomaly.datasets.allowance import DataLimits
from anomaly.datasets.how_far import HowFar
from anomaly.detector.reading.errors import TableError
from anomaly.detector.reading.formats import said_by
from events.models import Event, Role
from submissions.entries.models import Reader, Submission, SubmissionQuerySet

__all__ = ["DataLimits", "Dataset", "Upload", "examined_by"]

# Rooms further down the house may keep evidence back from a reader for a while (a judge's first
# score comes first): functions from a person to the submissions of which that person sees none yet.
kept_back: list[Callable[[Viewer], models.QuerySet[Submission]]] = []
READING = {  # what is told of how a file was read
    "delimiter": _("Cells are parted by"),
    "quote": _("Cells are quoted by"),
    "decimal": _("Decimal mark"),
    "header": _("The first line holds the names"),
    "encoding": _("Encoding"),
    "sheet": _("Sheet"),
    "arrays": _("Arrays"),
}
IN_WORDS = {
    ",": _("comma"),
    ";": _("semicolon"),
    "\t": _("tab"),
    "|": _("vertical bar"),
    " ": _("space"),
    ".": _("point"),
    '"': _("double marks"),
    "'": _("single marks"),
    "none": _("nothing"),
    "utf-8": "UTF-8",
    "cp1252": "Windows-1252",
}


def examined_by(user: Viewer) -> SubmissionQuerySet:
    """Submissions whose data and evidence this person may see: the own team's, and final ones for
    those who run the event and for readers given them. Never the public, not even after the reveal.
    """
    running = Role.objects.filter(user_id=user.pk, kind__in=Role.RUNNING).values("event_id")
    given = Reader.objects.of(user).values("submission_id")
    for later in kept_back:
        given = given.exclude(submission__in=later(user).values("pk"))
    own = Submission.objects.own(user).values("pk")
    final = Q(state=Submission.State.SUBMITTED)
    return Submission.objects.filter(
        Q(pk__in=own) | (final & (Q(event_id__in=running) | Q(pk__in=given)))
    )


class DatasetQuerySet(models.QuerySet["Dataset"]):
    def ready(self) -> "DatasetQuerySet":
        return self.filter(state=Dataset.State.READY)

    def in_time(self) -> "DatasetQuerySet":
        """Those that count: not what came whole after the deadline only."""
        return self.filter(late=False)

    def to_read(self) -> "DatasetQuerySet":
        """Of these nobody knows yet what is in them, and nobody is reading them."""
        wanted = Q(state=Dataset.State.CHECKING) | Q(asked__isnull=False)
        free = Q(checked_until=None) | Q(checked_until__lt=Now())
        return self.filter(wanted & free)

    def own(self, user: Viewer) -> "DatasetQuerySet":
        """Those of the own team: the only ones whose bytes one may have."""
        return self.filter(submission__in=Submission.objects.own(user).values("pk"))

    def visible_to(self, user: Viewer) -> "DatasetQuerySet":
        """Those whose profile and sample one may see."""
        seen = self.filter(submission__in=examined_by(user).values("pk"))
        own = Q(submission__in=Submission.objects.own(user).values("pk"))
        return seen.filter(own | Q(late=False))


class Dataset(models.Model):
    """One version of one table; a new upload of the same name is a new version, never a change."""

    class State(models.TextChoices):
        CHECKING = "checking", _("Being read")
        READY = "ready", _("Ready")
        REJECTED = "rejected", _("Not usable")

    class Role(models.TextChoices):
        FEATURE = "feature", _("Feature")
        LABEL = "label", _("Label")
        IDENTIFIER = "identifier", _("Identifier")
        IGNORE = "ignore", _("Ignore")

    class Kind(models.TextChoices):
        NUMERIC = "numeric", _("Numeric")
        BINARY = "binary", _("Binary")
        CATEGORICAL = "categorical", _("Categorical")
        DATETIME = "datetime", _("Date or time")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="datasets")
    name = models.CharField(max_length=120)
    number = models.PositiveIntegerField(_("version"))
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()  # bytes
    state = models.CharField(max_length=20, choices=State)
    code = models.CharField(max_length=60, blank=True)  # of the problem, for programs
    problem = models.TextField(blank=True)
    profile = models.JSONField(default=dict, blank=True)
    roles = models.JSONField(default=dict, blank=True)  # {column name: role}
    kinds = models.JSONField(default=dict, blank=True)  # {column name: kind}, where told otherwise
    told = models.JSONField(default=dict, blank=True)  # how to read the file, where told otherwise
    asked = models.JSONField(null=True, blank=True)  # how to read it once more, until that is done
    answer = models.TextField(blank=True, default="", db_default="")  # why that was not possible
    late = models.BooleanField(default=False, db_default=False)  # came whole after the deadline
    checks = models.PositiveSmallIntegerField(default=0, db_default=0)  # times its reading began
    checked_until = models.DateTimeField(null=True, blank=True)  # by then its reader has ended
    so_far = models.JSONField(default=list, blank=True, db_default=[])  # a HowFar of its reading
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = DatasetQuerySet.as_manager()

    class Meta:
        ordering = ["name", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "name", "number"], name="dataset_version_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["checking", "ready"], problem="")
                | (Q(state="rejected") & ~Q(problem="")),
                name="dataset_has_a_problem_if_rejected",
            ),
        ]

    def __str__(self) -> str:
        return self.name if self.number == 1 else f"{self.name} (version {self.number})"

    def get_absolute_url(self) -> str:
        return reverse("datasets:detail", args=[self.event.slug, self.pk])

    @property
    def event(self) -> Event:
        return self.submission.event

    @property
    def path(self) -> Path:
        return store.place(self.sha256)

    @property
    def being_read(self) -> bool:
        return self.state == self.State.CHECKING or self.asked is not None

    @property
    def how_far(self) -> HowFar | None:
        """Of its reading, if that is known."""
        return HowFar(*self.so_far) if self.being_read and self.so_far else None

    def before(self) -> "Dataset | None":
        """The version before this one."""
        siblings = Dataset.objects.filter(submission=self.submission_id, name=self.name)
        return siblings.filter(number__lt=self.number).order_by("-number").first()

    @property
    def format(self) -> str:
        """Which kind of file it is by its name, as the readers call it."""
        return self.said_format[0]

    @property
    def said_format(self) -> tuple[str, str]:
        """As the name says: the format, and how it is packed."""
        try:
            return said_by(self.name)
        except TableError:
            return "", ""

    @property
    def sample(self) -> list[list[tuple[str, bool]]]:
        """The first rows: each cell with whether it is a number."""
        numeric = [column["kind"] == "numeric" for column in self.columns]
        return [[*zip(row, numeric, strict=False)] for row in self.profile.get("sample", [])]

    @property
    def how_it_was_read(self) -> list[tuple[str, str]]:
        """What was found of the file, in words."""
        found = self.profile.get("reading", {})
        return [
            (str(label), str(IN_WORDS.get(str(found[key]), found[key])))
            for key, label in READING.items()
            if found.get(key)
        ]

    @property
    def columns(self) -> list[dict[str, Any]]:
        """What was understood of each column, with the role chosen for it."""
        known = self.profile.get("columns", [])
        return [
            {
                **column,
                "role": self.roles.get(column["name"], column["role"]),
                "kind": self.kinds.get(column["name"], column["kind"]),
            }
            for column in known
        ]


class UploadQuerySet(models.QuerySet["Upload"]):
    def unfinished(self) -> "UploadQuerySet":
        return self.filter(dataset=None, problem="")

    def complete(self) -> "UploadQuerySet":
        """All bytes have come, and nobody has looked into them yet."""
        return self.unfinished().filter(offset=F("size"))

    def own(self, user: Viewer) -> "UploadQuerySet":
        """Those that this person began, in a team that they are still in."""
        mine = Submission.objects.own(user).values("pk")
        return self.filter(user_id=user.pk, submission__in=mine)


class Upload(models.Model):
    """A file on its way, in chunks: how far it has come. The row is the truth; bytes of the file
    beyond `offset` belong to a chunk that was cut off."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="uploads")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()  # bytes
    offset = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)  # as promised, or as found in the end
    dataset = models.ForeignKey(
        Dataset, on_delete=models.CASCADE, null=True, blank=True, related_name="uploads"
    )
    problem = models.TextField(blank=True)  # why it became none
    began_at = models.DateTimeField(db_default=Now(), editable=False)
    touched_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["-began_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(size__gte=1, offset__lte=F("size")), name="upload_within_its_size"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        return store.incoming() / str(self.pk)

    @property
    def percent(self) -> int:
        return 100 * self.offset // self.size

    @property
    def standing(self) -> str:
        """How much of it has come, in words."""
        return _("%(name)s: %(percent)d %% of %(size)s") % {
            "name": self.name,
            "percent": self.percent,
            "size": filesizeformat(self.size),
        }
