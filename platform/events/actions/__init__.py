"""What people do in an event: make it, register, make a team, join one, leave it."""

from events.actions.making import create_event
from events.actions.phases import close_results, hold_phase, open_results
from events.actions.registering import cancel_registration, register
from events.actions.roles import grant_role, take_role
from events.actions.teams import create_team, join_team, leave_team

__all__ = [
    "cancel_registration",
    "close_results",
    "create_event",
    "create_team",
    "grant_role",
    "hold_phase",
    "join_team",
    "leave_team",
    "open_results",
    "register",
    "take_role",
]
