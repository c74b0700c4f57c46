"""What an event asks the people who register, and what they answered."""

import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.models.event import Event, Track
from events.models.registration import Registration
from events.models.role import Role


class Question(models.Model):
    class Kind(models.TextChoices):
        TEXT = "text", _("One line of text")
        LONG_TEXT = "long_text", _("Several lines of text")
        CHOICE = "choice", _("One of several")
        MULTIPLE = "multiple", _("Any of several")
        NUMBER = "number", _("A number")
        DATE = "date", _("A date")
        COUNTRY = "country", _("A country")
        FILE = "file", _("A file")
        CONSENT = "consent", _("A consent")

    class Required(models.TextChoices):
        NEVER = "never", _("Never")
        ALWAYS = "always", _("Always")
        SOME = "some", _("Of the role or category below")

    OPTIONS = (Kind.CHOICE, Kind.MULTIPLE)

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="questions")
    slug = models.SlugField(_("short name"), max_length=40)
    label = models.CharField(_("question"), max_length=300)
    help_text = models.CharField(_("explanation"), max_length=500, blank=True)
    kind = models.CharField(_("answer"), max_length=20, choices=Kind, default=Kind.TEXT)
    options = models.JSONField(_("choices"), default=list, blank=True)  # a list of texts
    required = models.CharField(
        _("required"), max_length=10, choices=Required, default=Required.NEVER
    )
    required_role = models.CharField(_("role"), max_length=20, choices=Role.Kind, blank=True)
    required_track = models.ForeignKey(
        Track,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("category"),
    )
    depends_on = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="dependents",
        verbose_name=_("asked only after"),
    )
    depends_value = models.CharField(_("if it was answered with"), max_length=200, blank=True)
    personal = models.BooleanField(_("personal data"), default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "slug"], name="question_slug_once"),
            models.CheckConstraint(
                condition=~Q(depends_on=models.F("id")), name="question_depends_on_another"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        if self.kind in self.OPTIONS and len(self.options) < 2:
            raise ValidationError({"options": _("Write at least two choices, one a line.")})
        if self.depends_on and self.depends_on.position >= self.position:
            raise ValidationError(
                {"depends_on": _("The question it depends on must stand before it.")}
            )


def answer_place(answer: "Answer", name: str) -> str:
    return f"answers/{uuid.uuid4().hex}"


class Answer(models.Model):
    """`value` is a text, number, list of texts, true, or the file's name, as the kind asks."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answers")
    value = models.JSONField()
    file = models.FileField(upload_to=answer_place, blank=True)

    class Meta:
        ordering = ["question__position", "question_id"]
        constraints = [
            models.UniqueConstraint(fields=["registration", "question"], name="answered_once"),
        ]

    def __str__(self) -> str:
        return str(self.value)
