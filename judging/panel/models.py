"""Who judges what by which questions: criteria, conflicts of interest, assignments."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User, Viewer
from events.models import Event, Membership, Role
from submissions.entries.models import Submission


def judges_of(event: Event) -> models.QuerySet[User]:
    """By name."""
    judging = User.objects.filter(roles__event=event, roles__kind=Role.Kind.JUDGE)
    return judging.order_by("name", "pk")


class Criterion(models.Model):
    """One question that every judge answers about every submission, on steps 1 to `steps`."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="criteria")
    name = models.CharField(_("name"), max_length=80)
    question = models.CharField(_("question"), max_length=300)
    weight = models.FloatField(_("weight"), default=1, validators=[MinValueValidator(0)])
    steps = models.PositiveSmallIntegerField(
        _("steps"), default=5, validators=[MinValueValidator(2), MaxValueValidator(10)]
    )
    anchors = models.JSONField(_("what each step means"), default=list, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "name"], name="criterion_name_once_an_event"),
            models.CheckConstraint(condition=Q(weight__gte=0), name="criterion_weight_positive"),
            models.CheckConstraint(
                condition=Q(steps__gte=2, steps__lte=10), name="criterion_has_2_to_10_steps"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scale(self) -> list[tuple[int, str]]:
        """(step, what it means) from 1 up; a step without an anchor says only its number."""
        words = [*self.anchors, *[""] * self.steps]
        return [(step, words[step - 1] or str(step)) for step in range(1, self.steps + 1)]


class Conflict(models.Model):
    """That a judge has an interest in a submission: it is neither read nor scored by that judge."""

    judge = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="conflicts"
    )
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="conflicts")
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    declared_at = models.DateTimeField(db_default=Now(), editable=False)

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
        declared = Conflict.objects.filter(
            judge=OuterRef("judge"), submission=OuterRef("submission")
        )
        seated = Membership.objects.filter(
            user=OuterRef("judge"), team=OuterRef("submission__team")
        )
        return self.filter(~Exists(declared), ~Exists(seated))

    def active(self) -> "AssignmentQuerySet":
        """What there is to judge: impartial, handed in, and the judge still is one."""
        judging = Role.objects.filter(
            event=OuterRef("submission__event"), user=OuterRef("judge"), kind=Role.Kind.JUDGE
        )
        handed_in = self.filter(submission__state=Submission.State.SUBMITTED)
        return handed_in.impartial().filter(Exists(judging))

    def visible_to(self, user: Viewer) -> "AssignmentQuerySet":
        """A judge's own; nobody else's, so that judges stay independent."""
        return self.active().filter(judge_id=user.pk)

    def adaptive(self) -> "AssignmentQuerySet":
        """Sent while judging ran, because of what was known by then."""
        reasons = Assignment.Reason
        found = self.filter(reason__in=[reasons.FEW, reasons.FIRST, reasons.TOP, reasons.TIE])
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

    judge = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="assignments"
    )
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="assignments")
    reason = models.CharField(max_length=10, choices=Reason, default=Reason.HAND)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

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
