"""What became of a submission that somebody decides on: the states, and the one table of the ways
between them."""

from typing import Final

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Decision(models.TextChoices):
    SUBMITTED = "submitted", _("Submitted")
    UNDER_REVIEW = "under_review", _("Under review")
    ACCEPTED = "accepted", _("Accepted")
    WAITLISTED = "waitlisted", _("Waitlisted")
    REJECTED = "rejected", _("Rejected")
    CONFIRMED = "confirmed", _("Confirmed")
    DECLINED = "declined", _("Declined")


# From each state the ones that may follow. Organizers accept, waitlist, reject and put under
# review; authors confirm or decline what was accepted.
TRANSITIONS: Final[dict[str, frozenset[str]]] = {
    Decision.SUBMITTED: frozenset(
        {Decision.UNDER_REVIEW, Decision.ACCEPTED, Decision.WAITLISTED, Decision.REJECTED}
    ),
    Decision.UNDER_REVIEW: frozenset(
        {Decision.SUBMITTED, Decision.ACCEPTED, Decision.WAITLISTED, Decision.REJECTED}
    ),
    Decision.ACCEPTED: frozenset(
        {Decision.CONFIRMED, Decision.DECLINED, Decision.WAITLISTED, Decision.REJECTED}
    ),
    Decision.WAITLISTED: frozenset({Decision.ACCEPTED, Decision.REJECTED, Decision.DECLINED}),
    Decision.REJECTED: frozenset({Decision.ACCEPTED, Decision.WAITLISTED}),
    Decision.CONFIRMED: frozenset({Decision.DECLINED, Decision.REJECTED}),
    Decision.DECLINED: frozenset({Decision.ACCEPTED}),
}
ORGANIZERS = (
    Decision.SUBMITTED,
    Decision.UNDER_REVIEW,
    Decision.ACCEPTED,
    Decision.WAITLISTED,
    Decision.REJECTED,
)
RELEASED = (Decision.ACCEPTED, Decision.WAITLISTED, Decision.REJECTED)


class DraftDecision(models.Model):
    """What the organizers mean to decide. A row of its own, so that no page that shows a submission
    to its authors can show it by mistake; released, it becomes the decision and is deleted."""

    submission = models.OneToOneField(
        "entries.Submission", on_delete=models.CASCADE, related_name="draft_decision"
    )
    decision = models.CharField(
        max_length=20, choices=[(choice.value, choice.label) for choice in RELEASED]
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decision__in=RELEASED), name="draft_decision_is_an_answer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission}: {self.get_decision_display()}"
