"""Teams, their members, and how people and teams find each other."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Viewer
from events.models.event import Event
from events.models.invitation import new_code
from events.models.role import Role


class TeamQuerySet(models.QuerySet["Team"]):
    def of(self, user: Viewer) -> "TeamQuerySet":
        return self.filter(memberships__user_id=user.pk)

    def visible_to(self, user: Viewer) -> "TeamQuerySet":
        """The own team, and every team of an event one runs."""
        own = Membership.objects.filter(user_id=user.pk).values("team_id")
        running = Role.objects.filter(user_id=user.pk, kind__in=Role.RUNNING).values("event_id")
        return self.filter(Q(pk__in=own) | Q(event_id__in=running))


class Team(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="teams")
    name = models.CharField(_("name"), max_length=80)
    about = models.CharField(_("what you are building"), max_length=300, blank=True)
    wanted = models.CharField(_("skills you look for"), max_length=200, blank=True)
    recruiting = models.BooleanField(_("shown on the board"), default=False)
    invite_code = models.CharField(max_length=32, unique=True, default=new_code)
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="Membership", related_name="teams"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = TeamQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "name"], name="team_name_once_an_event"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("events:team", args=[self.event.slug])


class Membership(models.Model):
    """A seat in a team. The event stands here too, so that the database refuses a second team."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    leads = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "user"], name="one_team_a_person_an_event"),
            models.UniqueConstraint(
                fields=["team"], condition=Q(leads=True), name="one_lead_a_team"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.team}"


class JoinRequest(models.Model):
    """That a person asks a team for a seat; answered, it is gone (the audit trail keeps it)."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="requests")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="join_requests"
    )
    message = models.CharField(_("a sentence to the team"), max_length=300, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["team", "user"], name="team_asked_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.team}"


class Seeker(models.Model):
    """That a person looks for a team, and what they bring."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="seekers")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="searches"
    )
    skills = models.CharField(_("your skills"), max_length=200)
    about = models.CharField(_("what you would like to build"), max_length=300, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "user"], name="seeks_once_an_event"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.skills}"
