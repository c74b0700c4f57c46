"""Events, their phases and tracks, and the people in them."""

from events.models.event import (
    Acceptance,
    Conduct,
    Event,
    Extension,
    Page,
    Phase,
    Track,
    usual_grace,
)
from events.models.invitation import Invitation, Redemption, new_code
from events.models.question import Answer, Question
from events.models.registration import Registration
from events.models.role import Role
from events.models.team import JoinRequest, Membership, Seeker, Team

new_invite_code = new_code  # by this name in the first migration

__all__ = [
    "Acceptance",
    "Answer",
    "Conduct",
    "Event",
    "Extension",
    "Invitation",
    "JoinRequest",
    "Membership",
    "Page",
    "Phase",
    "Question",
    "Redemption",
    "Registration",
    "Role",
    "Seeker",
    "Team",
    "Track",
    "new_code",
    "new_invite_code",
    "usual_grace",
]
