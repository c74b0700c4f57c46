"""The preset: the four criteria of the reference hackathon, each with anchors for five steps."""

from django.utils.translation import gettext_lazy as _

# (name, question, what each step means)
REFERENCE = (
    (
        _("Quality of the idea"),
        _("Is this worth building, and thought through?"),
        (_("unclear"), _("plain"), _("sound"), _("strong"), _("outstanding")),
    ),
    (
        _("Originality"),
        _("Have you seen this before?"),
        (_("a copy"), _("familiar"), _("a new twist"), _("new"), _("a first")),
    ),
    (
        _("Potential impact"),
        _("Whom would it help, and how much, if it were finished?"),
        (_("hardly any"), _("a few"), _("a group"), _("many"), _("a whole field")),
    ),
    (
        _("Implementation"),
        _("Does it work, and is it well made?"),
        (_("does not run"), _("a sketch"), _("works"), _("well made"), _("ready to use")),
    ),
)
