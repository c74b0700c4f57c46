"""What everybody may look at: the gallery's opening, tools that projects name, votes."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from events.models import Event


class Gallery(models.Model):
    """When an event shows what was handed in, and whether visitors vote."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="gallery")
    opens_at = models.DateTimeField(
        _("open to everybody from"),
        null=True,
        blank=True,
        help_text=_("Without a date it opens with the results."),
    )
    votes = models.BooleanField(_("visitors vote for a favourite"), default=False)
    votes_published = models.BooleanField(_("the count of votes is public"), default=False)

    def __str__(self) -> str:
        return f"Gallery of {self.event}"


class Tool(models.Model):
    """One of the things a handed in submission is built with, to filter by."""

    submission = models.ForeignKey(
        "entries.Submission", on_delete=models.CASCADE, related_name="tools"
    )
    slug = models.SlugField(max_length=60, allow_unicode=True)
    name = models.CharField(max_length=60)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "slug"], name="tool_once_a_submission"),
        ]

    def __str__(self) -> str:
        return self.name


class Vote(models.Model):
    """One a person, and one a mailbox: a+1@ and a@ are one (B70)."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="votes")
    submission = models.ForeignKey(
        "entries.Submission", on_delete=models.CASCADE, related_name="votes"
    )
    voter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="votes"
    )
    mailbox = models.CharField(max_length=254)
    cast_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "voter"], name="one_vote_a_person"),
            models.UniqueConstraint(fields=["event", "mailbox"], name="one_vote_a_mailbox"),
        ]

    def __str__(self) -> str:
        return f"{self.voter}: {self.submission}"
