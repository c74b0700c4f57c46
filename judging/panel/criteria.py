"""The preset: the four criteria of the reference hackathon, each with anchors for five steps."""

from django.utils.translation import gettext_lazy as _

# (name, question, what each step means)
REFERENCE = (
    (
        _("Quality of the idea"),
        _("Is this worth building, and thought through?"),
        (_("unclear"), _("plain"), _("sound"), _("strong"), _("excellent")),
    ),
    (
        _("Originality"),
        _("Have you seen this before?"),
        (_("a copy"), _("familiar"), _("a twist"), _("new"), _("a first")),
    ),
    (
        _("Potential impact"),
        _("Whom would it help, and how much?"),
        (_("nobody"), _("a few"), _("a group"), _("many"), _("everyone")),
    ),
    (
        _("Implementation"),
        _("Does it work, and is it well made?"),
        (_("broken"), _("a sketch"), _("works"), _("polished"), _("ready")),
    ),
)
