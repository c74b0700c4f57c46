"""How an event judges, and who does."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from events.models import Event, Invitation, Role
from submissions.ideas.models import Mentor


def judges_of(event: Event) -> models.QuerySet[User]:
    """By name."""
    judging = User.objects.filter(roles__event=event, roles__kind=Role.Kind.JUDGE)
    return judging.order_by("name", "pk")


def mentors_among(event: Event) -> models.QuerySet[User]:
    """Judges who mentor here, too, and neither a category nor an idea: whom they helped is not
    known."""
    mentoring = Role.objects.filter(event=event, kind=Role.Kind.MENTOR, track=None)
    found = judges_of(event).filter(pk__in=mentoring.values("user"))
    known = Mentor.objects.filter(idea__event=event, user__isnull=False)
    return found.exclude(pk__in=known.values("user"))


def invited_to_judge(event: Event) -> models.QuerySet[Invitation]:
    """Who was invited to judge and has not come yet, the latest first."""
    return Invitation.objects.valid().filter(event=event, role=Role.Kind.JUDGE)


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
    pairs_by_criterion = models.BooleanField(
        _("two at a time are compared by each criterion, not only overall"), default=False
    )
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
