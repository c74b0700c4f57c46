"""What an event may have, and what each kind of event has as a matter of course."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Feature(models.TextChoices):
    """Pages and entry types that an event switches on or off."""

    TEAMS = "teams", _("Teams")
    BOARD = "board", _("Board for people who look for a team")
    PROJECTS = "projects", _("Projects are handed in")
    TALKS = "talks", _("Talks are proposed")
    POSTERS = "posters", _("Posters are proposed")
    IDEAS = "ideas", _("Project ideas with mentors")
    PROPOSALS = "proposals", _("Proposals for ideas are handed in")
    DATA = "data", _("Data sets are handed in and scored")
    JUDGING = "judging", _("Judging and ranking")
    PROGRAMME = "programme", _("A programme of sessions and posters")
    VOTING = "voting", _("Audience vote")
    TRACK_CHOICE = "track_choice", _("People choose a category when they register")
    TICKETS = "tickets", _("Tickets and check-in at the door")
    CERTIFICATES = "certificates", _("Certificates of attendance")


USUAL: dict[str, frozenset[Feature]] = {
    "hackathon": frozenset(
        {
            *(Feature.TEAMS, Feature.BOARD, Feature.PROJECTS, Feature.DATA, Feature.JUDGING),
            *(Feature.TICKETS, Feature.CERTIFICATES),
        }
    ),
    "conference": frozenset(
        {
            *(Feature.TALKS, Feature.POSTERS, Feature.PROGRAMME, Feature.JUDGING),
            *(Feature.TICKETS, Feature.CERTIFICATES, Feature.TRACK_CHOICE),
        }
    ),
    "programme": frozenset(
        {
            *(Feature.IDEAS, Feature.PROPOSALS, Feature.JUDGING),
            *(Feature.TICKETS, Feature.CERTIFICATES),
        }
    ),
}


def usual_features(kind: str) -> frozenset[Feature]:
    return USUAL.get(kind, frozenset())
