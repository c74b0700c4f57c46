"""Who wins, and that it was published."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from events.models import Event, Track
from submissions.entries.models import EntryType, Submission

PLACES = (1, 2, 3)


class Award(models.Model):
    """A place in a track among one type of submission. `reason` says why, where the organizers
    overruled the ranking."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="awards")
    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="awards")
    entry_type = models.ForeignKey(
        EntryType, on_delete=models.PROTECT, related_name="awards", editable=False
    )
    place = models.PositiveSmallIntegerField(_("place"))
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="awards")
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    # Two who share a place are its first and its second.
    share = models.PositiveSmallIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["track__position", "track_id", "entry_type_id", "place", "share"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "track", "entry_type", "place", "share"],
                name="share_of_a_place_given_once",
            ),
            models.UniqueConstraint(fields=["track", "submission"], name="one_place_a_submission"),
            models.CheckConstraint(condition=Q(place__gte=1, place__lte=3), name="place_is_1_to_3"),
        ]

    def __str__(self) -> str:
        return f"{self.track}: {self.place}. {self.submission}"


class Prize(models.Model):
    """A special prize: by decision, or the most votes of those who came."""

    class By(models.TextChoices):
        DECISION = "decision", _("the organizers decide")
        VOTES = "votes", _("most votes")

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="prizes")
    name = models.CharField(_("name"), max_length=120)
    description = models.CharField(_("what it is"), max_length=300, blank=True)
    by = models.CharField(_("who decides"), max_length=10, choices=By, default=By.DECISION)
    track = models.ForeignKey(
        Track, null=True, blank=True, on_delete=models.CASCADE, related_name="prizes",
        verbose_name=_("only in the category"),
    )  # fmt: skip
    submission = models.ForeignKey(
        Submission, null=True, blank=True, on_delete=models.PROTECT, related_name="prizes",
        verbose_name=_("winner"),
    )  # fmt: skip
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "name"], name="prize_name_once_an_event"),
        ]

    def __str__(self) -> str:
        return self.name


class Confirmation(models.Model):
    """A second organizer has looked at exactly this: `state` is the hash of ballots and places."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="confirmations")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=64)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "by", "state"], name="confirmed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.by}: {self.state[:12]}"


class Release(models.Model):
    """That the results are to be published at a time, by whom, and what came of it."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="release")
    at = models.DateTimeField(_("publish at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    refused = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"{self.event}: {self.at:%Y-%m-%d %H:%M}"


class PublicationQuerySet(models.QuerySet["Publication"]):
    def standing(self) -> "PublicationQuerySet":
        return self.filter(withdrawn_at__isnull=True)


class Publication(models.Model):
    """What was published: the ranking and the places as they stood, and the hash of what they were
    made from (I7). One that is taken back is kept (B90)."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="publications")
    version = models.PositiveSmallIntegerField(default=1)
    published_at = models.DateTimeField(db_default=Now(), editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    ranking = models.JSONField()
    places = models.JSONField(default=list)
    numbers = models.JSONField(default=dict)
    input_hash = models.CharField(max_length=64)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["event", "version"], name="published_once_a_version"),
            models.UniqueConstraint(
                fields=["event"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_standing_publication",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event}: {self.input_hash[:12]}"
