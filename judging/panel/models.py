"""Who judges what by which questions: criteria, conflicts of interest, assignments."""

from datetime import date

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User, Viewer
from events.models import Event, Membership, Role, Track
from submissions.entries.models import Author, Submission


def judges_of(event: Event) -> models.QuerySet[User]:
    """By name."""
    judging = User.objects.filter(roles__event=event, roles__kind=Role.Kind.JUDGE)
    return judging.order_by("name", "pk")


def panel_of(event: Event) -> "Panel":
    """How this event judges; the usual way where nothing was set."""
    return Panel.objects.filter(event=event).first() or Panel(event=event)


class Panel(models.Model):
    """How an event judges."""

    class Evidence(models.TextChoices):
        BEFORE = "before", _("beside the submission, from the beginning")
        AFTER = "after", _("after the judge's first score of it")

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="panel")
    evidence = models.CharField(
        _("judges see what the data says"),
        max_length=10, choices=Evidence, default=Evidence.BEFORE,
    )  # fmt: skip
    pairs = models.BooleanField(_("judges may also compare two at a time (expo)"), default=False)
    blind = models.BooleanField(_("judges are not told whose work it is"), default=False)
    discussion = models.BooleanField(
        _("judges who have submitted see the others' scores and discuss them"), default=False
    )
    shows_scores = models.BooleanField(
        _("participants see their scores with the results, judges unnamed"), default=False
    )
    second_organizer = models.BooleanField(
        _("publication needs the confirmation of a second organizer"), default=False
    )
    cap = models.PositiveSmallIntegerField(
        _("most reviews of one submission"),
        default=10, validators=[MinValueValidator(2), MaxValueValidator(100)],
    )  # fmt: skip
    frozen_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(cap__gte=2), name="panel_cap_is_two_or_more"),
        ]

    def __str__(self) -> str:
        return str(self.event)


class Expertise(models.Model):
    """What a judge knows, how much he takes on, and when he is away."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="expertises")
    judge = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="expertises"
    )
    tracks = models.ManyToManyField(Track, blank=True, verbose_name=_("categories"))
    words = models.CharField(_("subjects"), max_length=300, blank=True)
    capacity = models.PositiveSmallIntegerField(_("at most so many reviews"), null=True, blank=True)
    away_from = models.DateField(_("away from"), null=True, blank=True)
    away_until = models.DateField(_("away until, that day included"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "judge"], name="expertise_told_once"),
        ]

    def __str__(self) -> str:
        return f"{self.judge}: {self.words}"

    @property
    def subjects(self) -> set[str]:
        return {word.strip().casefold() for word in self.words.split(",") if word.strip()}

    def is_away(self, day: date) -> bool:
        begun = self.away_from is not None and self.away_from <= day
        return begun and (self.away_until is None or day <= self.away_until)


class CriterionQuerySet(models.QuerySet["Criterion"]):
    def asked_of(self, submission: Submission) -> "CriterionQuerySet":
        """Those of the whole event and those of its track."""
        own = Q(track__isnull=True) | Q(track_id=submission.track_id)
        return self.filter(own, event_id=submission.event_id)


class Criterion(models.Model):
    """One question that judges answer about every submission (of one track), from 1 to `steps`."""

    class Scale(models.TextChoices):
        STEPS = "steps", _("numbers")
        STARS = "stars", _("stars")

    STEPS = (3, 5, 7, 10, 100)

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="criteria")
    track = models.ForeignKey(
        Track, null=True, blank=True, on_delete=models.CASCADE, related_name="criteria",
        verbose_name=_("only in the category"),
    )  # fmt: skip
    name = models.CharField(_("name"), max_length=80)
    question = models.CharField(_("question"), max_length=300)
    weight = models.FloatField(_("weight"), default=1, validators=[MinValueValidator(0)])
    steps = models.PositiveSmallIntegerField(
        _("steps"), default=5, validators=[MinValueValidator(2), MaxValueValidator(100)]
    )
    shown_as = models.CharField(_("shown as"), max_length=10, choices=Scale, default=Scale.STEPS)
    optional = models.BooleanField(_("judges may answer “cannot judge”"), default=False)
    anchors = models.JSONField(_("what each step means"), default=list, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = CriterionQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "name"],
                condition=Q(track__isnull=True),
                name="criterion_name_once_an_event",
            ),
            models.UniqueConstraint(fields=["track", "name"], name="criterion_name_once_a_track"),
            models.CheckConstraint(condition=Q(weight__gte=0), name="criterion_weight_positive"),
            models.CheckConstraint(
                condition=Q(steps__gte=2, steps__lte=100), name="criterion_has_2_to_100_steps"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scale(self) -> list[tuple[int, str]]:
        """(step, what it means) from 1 up; a step without an anchor says only its number."""
        words = [*self.anchors, *[""] * self.steps]
        return [(step, words[step - 1] or self._sign(step)) for step in range(1, self.steps + 1)]

    def _sign(self, step: int) -> str:
        return "★" * step if self.shown_as == self.Scale.STARS else str(step)

    @property
    def is_fine(self) -> bool:
        """Too many steps for a row of buttons."""
        return self.steps > 10

    @property
    def marks(self) -> list[tuple[str, str]]:
        """(steps, what they mean): of a fine scale, each anchor names an equal part of it."""
        if not self.is_fine or not self.anchors:
            return [(str(step), word) for step, word in self.scale[:10]]
        ends = [round(n * self.steps / len(self.anchors)) for n in range(len(self.anchors) + 1)]
        parts = zip(ends, ends[1:], self.anchors, strict=False)
        return [(f"{low + 1}–{high}", word) for low, high, word in parts]


class ConflictQuerySet(models.QuerySet["Conflict"]):
    def standing(self) -> "ConflictQuerySet":
        return self.filter(lifted_at__isnull=True)


class Conflict(models.Model):
    """That a judge has an interest in a submission: it is neither read nor scored by that judge."""

    class Source(models.TextChoices):
        JUDGE = "judge", _("declared by the judge")
        ORGANIZER = "organizer", _("noted by an organizer")
        AFFILIATION = "affiliation", _("same affiliation")
        DOMAIN = "domain", _("same e-mail domain")
        COAUTHOR = "coauthor", _("worked together before")
        MENTOR = "mentor", _("mentor")

    judge = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="conflicts"
    )
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="conflicts")
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    source = models.CharField(max_length=12, choices=Source, default=Source.JUDGE)
    declared_by = models.ForeignKey(  # None: found by the site
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    declared_at = models.DateTimeField(db_default=Now(), editable=False)
    lifted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["judge", "submission"], name="conflict_declared_once"),
        ]

    def __str__(self) -> str:
        return f"{self.judge}: {self.submission}"

    @property
    def event(self) -> Event:
        return self.submission.event


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def of(self, event: Event) -> "AssignmentQuerySet":
        return self.filter(submission__event=event)

    def impartial(self) -> "AssignmentQuerySet":
        """Without those whose judge has declared an interest or sits in the team."""
        declared = Conflict.objects.standing().filter(
            judge=OuterRef("judge"), submission=OuterRef("submission")
        )
        seated = Membership.objects.filter(
            user=OuterRef("judge"), team=OuterRef("submission__team")
        )
        wrote = Author.objects.filter(user=OuterRef("judge"), submission=OuterRef("submission"))
        return self.filter(~Exists(declared), ~Exists(seated), ~Exists(wrote))

    def active(self) -> "AssignmentQuerySet":
        """What there is to judge: impartial, handed in, not given back, by who still is a judge."""
        judging = Role.objects.filter(
            event=OuterRef("submission__event"), user=OuterRef("judge"), kind=Role.Kind.JUDGE
        )
        handed_in = self.filter(submission__state=Submission.State.SUBMITTED, dropped=False)
        return handed_in.impartial().filter(Exists(judging))

    def visible_to(self, user: Viewer) -> "AssignmentQuerySet":
        """A judge's own; nobody else's, so that judges stay independent."""
        return self.active().filter(judge_id=user.pk)

    def adaptive(self) -> "AssignmentQuerySet":
        """Sent while judging ran, because of what was known by then."""
        found = self.filter(reason__in=Assignment.ADAPTIVE)
        return found.select_related("judge", "submission__track", "submission__event")

    def in_order(self) -> "AssignmentQuerySet":
        return self.order_by("submission__track__position", F("pk"))


class Assignment(models.Model):
    """That a judge is to judge a submission, and why this one."""

    class Reason(models.TextChoices):
        """For organizers only: who reads must not know how the work stands."""

        HAND = "hand", _("assigned by hand")
        EVEN = "even", _("assigned with all others, loads even")
        FEW = "few", _("had the fewest reviews")
        FIRST = "first", _("close contender for first place in %(track)s")
        TOP = "top", _("close contender for the first three places in %(track)s")
        TIE = "tie", _("too close to call in %(track)s")
        REPAIR = "repair", _("in place of a judge who dropped out")

    ADAPTIVE = (Reason.FEW, Reason.FIRST, Reason.TOP, Reason.TIE)

    judge = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="assignments"
    )
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="assignments")
    reason = models.CharField(max_length=10, choices=Reason, default=Reason.HAND)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    # Given back, by a judge who abstains or who dropped out; kept, so that it is not sent again.
    dropped = models.BooleanField(default=False)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["judge", "submission"], name="assigned_once"),
        ]

    def __str__(self) -> str:
        return f"{self.judge}: {self.submission}"

    @property
    def event(self) -> Event:
        return self.submission.event

    @property
    def why(self) -> str:
        """Why it was sent, in words."""
        return self.get_reason_display() % {"track": self.submission.track}


class Example(models.Model):
    """A made-up submission that every judge scores before the real ones; it counts for nothing."""

    MOST = 3

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="examples")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("description"), max_length=5000)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["event", "position"], name="example_position_once"),
            models.CheckConstraint(
                condition=Q(position__gte=1, position__lte=3), name="example_is_one_of_three"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ExampleScore(models.Model):
    """What a judge answers about an example."""

    example = models.ForeignKey(Example, on_delete=models.CASCADE, related_name="scores")
    judge = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="+")
    value = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["example", "judge", "criterion"], name="example_scored_once"
            ),
            models.CheckConstraint(condition=Q(value__gte=1), name="example_score_begins_at_one"),
        ]

    def __str__(self) -> str:
        return f"{self.example}: {self.value}"


class Spot(models.Model):
    """Where a submission stands on the floor of an expo, in the order one walks."""

    submission = models.OneToOneField(Submission, on_delete=models.CASCADE, related_name="spot")
    number = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["number"]
        constraints = [models.CheckConstraint(condition=Q(number__gte=1), name="spot_from_one")]

    def __str__(self) -> str:
        return str(self.number)
