"""A mentored programme's list: ideas, their mentors, and which proposal is for which idea."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User, Viewer
from events.models import Event, Role
from submissions.entries.links import allowed_address, host_of
from submissions.entries.models import Submission
from submissions.entries.reading import Link, words

SEARCHED = ("title", "description", "outcomes", "required_skills", "recommended_skills")


class IdeaQuerySet(models.QuerySet["Idea"]):
    def published(self) -> "IdeaQuerySet":
        return self.filter(published=True)

    def mentored_by(self, user: Viewer) -> "IdeaQuerySet":
        return self.filter(pk__in=Mentor.objects.filter(user_id=user.pk).values("idea_id"))

    def visible_to(self, user: Viewer) -> "IdeaQuerySet":
        """Published ones for everybody who may know of the event; drafts for those who run it, and
        for their own mentors."""
        running = Role.objects.filter(user_id=user.pk, kind__in=Role.RUNNING).values("event_id")
        mentored = Mentor.objects.filter(user_id=user.pk).values("idea_id")
        known = Event.objects.visible_to(user).values("pk")
        shown = Q(published=True) | Q(event_id__in=running) | Q(pk__in=mentored)
        return self.filter(shown, event_id__in=known)

    def about(self, asked: str) -> "IdeaQuerySet":
        """Those that speak of all the words in `asked`."""
        found = self
        for word in asked.replace("\x00", " ")[:200].split():
            anywhere = Q()
            for name in SEARCHED:
                anywhere |= Q(**{f"{name}__icontains": word})
            found = found.filter(anywhere)
        return found


class Idea(models.Model):
    class Difficulty(models.TextChoices):
        MEDIUM = "medium", _("Medium")
        HARD = "hard", _("Hard")

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="ideas")
    title = models.CharField(_("title"), max_length=120)
    description = models.TextField(_("description"), max_length=20_000, blank=True)
    outcomes = models.TextField(_("expected outcomes"), max_length=5_000, blank=True)
    required_skills = models.CharField(_("required skills"), max_length=300, blank=True)
    recommended_skills = models.CharField(_("recommended skills"), max_length=300, blank=True)
    difficulty = models.CharField(
        _("difficulty"), max_length=10, choices=Difficulty, blank=True, default=""
    )
    several_students = models.BooleanField(_("can span several students"), default=False)
    published = models.BooleanField(_("published"), default=False)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=0)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = IdeaQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "title"], name="idea_once_an_event"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("ideas:idea", args=[self.event.slug, self.pk])

    @property
    def needed(self) -> tuple[str, ...]:
        return words(self.required_skills)

    @property
    def helpful(self) -> tuple[str, ...]:
        return words(self.recommended_skills)


class Resource(models.Model):
    """Something to read before writing a proposal."""

    MOST = 20
    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="resources")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(_("label"), max_length=120, blank=True)
    address = models.URLField(_("address"), max_length=500, validators=[allowed_address])

    class Meta:
        ordering = ["idea", "position"]
        constraints = [
            models.UniqueConstraint(fields=["idea", "position"], name="one_resource_a_position"),
        ]

    def __str__(self) -> str:
        return self.label or self.address

    @property
    def link(self) -> Link:
        host = host_of(self.address)
        return Link(self.label or host, self.address, host)


class Mentor(models.Model):
    """Who helps with an idea; the account, if there is one, may edit it and reads proposals."""

    MOST = 10
    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="mentors")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=200)
    link = models.URLField(_("link"), max_length=500, blank=True, validators=[allowed_address])
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="mentoring",
        null=True,
        blank=True,
        verbose_name=_("account"),
    )

    class Meta:
        ordering = ["idea", "position"]
        constraints = [
            models.UniqueConstraint(fields=["idea", "position"], name="one_mentor_a_position"),
            models.UniqueConstraint(
                fields=["idea", "user"],
                condition=Q(user__isnull=False),
                name="a_person_mentors_an_idea_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ForIdea(models.Model):
    """Which idea a proposal is for; None is one of the applicant's own."""

    submission = models.OneToOneField(
        Submission, on_delete=models.CASCADE, related_name="for_idea", primary_key=True
    )
    idea = models.ForeignKey(
        Idea, on_delete=models.PROTECT, related_name="proposals", null=True, blank=True
    )

    def __str__(self) -> str:
        return f"{self.submission}: {self.idea or _('one of their own')}"


class Enquiry(models.Model):
    """What somebody asked the mentors of an idea; it went out by mail."""

    LONGEST = 2_000
    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="enquiries")
    author = models.ForeignKey(User, on_delete=models.CASCADE, related_name="enquiries")
    text = models.TextField(max_length=LONGEST)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return f"{self.author}: {self.idea}"
