"""Score sheets: what a judge says of one submission, and what counts."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Viewer
from events.models import Event, Membership, Role
from judging.panel.models import Assignment, Conflict, Criterion
from submissions.entries.models import Author, Submission


class BallotQuerySet(models.QuerySet["Ballot"]):
    def submitted(self) -> "BallotQuerySet":
        return self.filter(state=Ballot.State.SUBMITTED)

    def counted(self) -> "BallotQuerySet":
        """Submitted, by a judge without an interest, about work that is still handed in."""
        return self.submitted().filter(assignment__in=Assignment.objects.active())

    def visible_to(self, user: Viewer) -> "BallotQuerySet":
        """The own ones only: no judge sees another's scores."""
        return self.filter(assignment__in=Assignment.objects.visible_to(user))


class Ballot(models.Model):
    """One judge's answer about one submission; it counts once it is submitted."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")

    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="ballot")
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    comment = models.TextField(_("comment to the authors"), max_length=4000, blank=True)
    private_note = models.TextField(_("private note"), max_length=4000, blank=True)
    to_organizers = models.TextField(_("comment to the organizers"), max_length=4000, blank=True)
    seconds = models.PositiveIntegerField(default=0)  # spent on it, as far as can be seen
    version = models.PositiveIntegerField(default=0)  # grows with every change
    saved_at = models.DateTimeField(db_default=Now(), editable=False)
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = BallotQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="submitted") | Q(submitted_at__isnull=False),
                name="submitted_ballot_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment} v{self.version}"

    @property
    def event(self) -> Event:
        return self.assignment.event

    @property
    def is_submitted(self) -> bool:
        return self.state == self.State.SUBMITTED


class Score(models.Model):
    """The answer to one criterion, None for "cannot judge"; that it is no step above the last one
    is checked by the verb."""

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="scores")
    value = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ballot", "criterion"], name="criterion_scored_once"),
            models.CheckConstraint(condition=Q(value__gte=1), name="score_begins_at_one"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.value}"


class BallotVersion(models.Model):
    """A score sheet as it was saved at one instant; only ever added."""

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=20, choices=Ballot.State)
    scores = models.JSONField()  # step or None by the criterion's id
    comment = models.TextField(blank=True)
    to_organizers = models.TextField(blank=True)
    saved_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["ballot", "number"], name="ballot_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.ballot} as of v{self.number}"


class Skip(models.Model):
    """That a judge could not score it just now, or gave it back; the latest counts."""

    class Reason(models.TextChoices):
        ABSENT = "absent", _("nobody was there")
        BUSY = "busy", _("another judge was there")
        ABSTAINED = "abstained", _("abstained")

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="skips")
    reason = models.CharField(max_length=10, choices=Reason)
    words = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.assignment}: {self.get_reason_display()}"


class Flag(models.Model):
    """A judge tells the organizers that something is wrong with a submission."""

    class Kind(models.TextChoices):
        NO_DEMO = "no_demo", _("cannot be demonstrated")
        OFFENSIVE = "offensive", _("offensive")
        WRONG_TRACK = "wrong_track", _("in the wrong category")

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="flags")
    kind = models.CharField(max_length=12, choices=Kind)
    words = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(db_default=Now(), editable=False)
    settled_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assignment", "kind"], name="flagged_once_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.assignment}: {self.get_kind_display()}"


class ComparisonQuerySet(models.QuerySet["Comparison"]):
    def counted(self, event: Event) -> "ComparisonQuerySet":
        """By who still judges, without an interest in either, about work that is handed in."""
        judging = Role.objects.filter(
            event=OuterRef("event"), user=OuterRef("judge"), kind=Role.Kind.JUDGE
        )
        found = self.filter(Exists(judging), event=event)
        for side in ("one", "other"):
            interest = Conflict.objects.standing().filter(
                judge=OuterRef("judge"), submission=OuterRef(side)
            )
            seat = Membership.objects.filter(
                user=OuterRef("judge"), team__submissions=OuterRef(side)
            )
            wrote = Author.objects.filter(user=OuterRef("judge"), submission=OuterRef(side))
            found = found.filter(
                ~Exists(interest),
                ~Exists(seat),
                ~Exists(wrote),
                **{f"{side}__state": Submission.State.SUBMITTED},
            )
        return found


class Comparison(models.Model):
    """Which of two a judge found better, overall or by one criterion; None: could not tell."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="comparisons")
    judge = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="comparisons"
    )
    one = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="+")
    better = models.ForeignKey(Submission, null=True, on_delete=models.PROTECT, related_name="+")
    criterion = models.ForeignKey(
        Criterion, null=True, blank=True, on_delete=models.PROTECT, related_name="comparisons"
    )
    at = models.DateTimeField(db_default=Now(), editable=False)

    objects = ComparisonQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["judge", "one", "other"],
                condition=Q(criterion__isnull=True),
                name="compared_once_overall",
            ),
            models.UniqueConstraint(
                fields=["judge", "one", "other", "criterion"], name="compared_once_a_criterion"
            ),
            # The smaller id stands first, so that a pair is one pair either way round.
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="compared_in_order"),
            models.CheckConstraint(
                condition=Q(better__isnull=True) | Q(better=F("one")) | Q(better=F("other")),
                name="better_is_one_of_both",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.judge}: {self.one} / {self.other}"


class Remark(models.Model):
    """One contribution to the judges' discussion of a submission."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="remarks")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=4000)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text[:60]
