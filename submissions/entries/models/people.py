"""Who wrote a submission, in order, and who was given it to read.

Authors stand apart from the text: a page that shows text only cannot show them by mistake.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Viewer


class Author(models.Model):
    """A person whose name stands on a submission; not all have an account."""

    submission = models.ForeignKey(
        "entries.Submission", on_delete=models.CASCADE, related_name="authors"
    )
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=200)
    affiliation = models.CharField(_("affiliation"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    presents = models.BooleanField(_("presents"), default=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="authorships",
        null=True,
        blank=True,
    )

    class Meta:
        ordering = ["submission", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "position"], name="one_author_a_position"
            ),
            models.UniqueConstraint(
                fields=["submission", "user"],
                condition=models.Q(user__isnull=False),
                name="a_person_is_author_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ReaderQuerySet(models.QuerySet["Reader"]):
    def of(self, user: Viewer) -> "ReaderQuerySet":
        """What this person reads now: who lost every role in the event, as a judge who was let go,
        reads no more of it (B63)."""
        return self.filter(user_id=user.pk, submission__event__roles__user_id=user.pk)


class Reader(models.Model):
    """That a person outside the team was given a submission to read, as a judge is."""

    submission = models.ForeignKey(
        "entries.Submission", on_delete=models.CASCADE, related_name="readers"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="readings"
    )

    objects = ReaderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "user"], name="given_to_read_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} reads {self.submission}"
