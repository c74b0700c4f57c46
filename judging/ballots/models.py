"""Score sheets: what a judge says of one submission, and what counts."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Viewer
from events.models import Event
from judging.panel.models import Assignment, Criterion


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
    """The answer to one criterion; that it is no step above the last one is checked by the verb."""

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="scores")
    value = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ballot", "criterion"], name="criterion_scored_once"),
            models.CheckConstraint(condition=Q(value__gte=1), name="score_begins_at_one"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.value}"
