"""What the ideas hold about a person: where they are named as mentor, what they asked and chose."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from submissions.entries.models import Submission
from submissions.ideas.models import Enquiry, ForIdea, Mentor


def collect(user: User) -> dict[str, Any]:
    own = Submission.objects.own(user).values("pk")
    chosen = ForIdea.objects.filter(submission__in=own)
    return {
        "mentor_of": list(Mentor.objects.filter(user=user).values("idea__title", "name", "link")),
        "asked": list(
            Enquiry.objects.filter(author=user).values("idea__title", "text", "created_at")
        ),
        "proposed_for": list(chosen.values("submission__title", "idea__title")),
    }


def erase(user: User) -> None:
    """What was asked is gone; the list keeps a mentor's place without the name."""
    Enquiry.objects.filter(author=user).delete()
    gone = {"name": _("Former participant"), "link": "", "user": None}
    Mentor.objects.filter(user=user).update(**gone)
