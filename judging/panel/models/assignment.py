"""Who judges what, and where it stands on the floor."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Viewer
from events.models import Event, Membership, Role
from judging.panel.models.conflict import Conflict
from submissions.entries.models import Author, Submission


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
        related = ("track", "event", "entry_type")
        found = found.select_related("judge", *(f"submission__{name}" for name in related))
        return found.prefetch_related("submission__more_tracks")

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
        tracks = " / ".join(map(str, self.submission.categories))
        return self.get_reason_display() % {"track": tracks}


class Spot(models.Model):
    """Where a submission stands on the floor of an expo, in the order one walks."""

    submission = models.OneToOneField(Submission, on_delete=models.CASCADE, related_name="spot")
    number = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["number"]
        constraints = [models.CheckConstraint(condition=Q(number__gte=1), name="spot_from_one")]

    def __str__(self) -> str:
        return str(self.number)
