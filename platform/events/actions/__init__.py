"""What people do in an event: make it, come in, make a team, decide, let people in."""

from events.actions.checking_in import check_in, undo_check_in
from events.actions.conduct import write_conduct
from events.actions.deciding import decide, take_place, tell_decisions
from events.actions.editing import (
    add_part,
    change_event,
    change_logo,
    change_part,
    end_extension,
    extend,
    move_part,
    remove_part,
    set_state,
)
from events.actions.exporting import take_away
from events.actions.inviting import invite, invite_all, problem_with, redeem, withdraw_invitation
from events.actions.leading import (
    answer_request,
    ask_to_join,
    change_team,
    hand_over,
    invite_to_team,
    remove_member,
    renew_link,
    seek_team,
    stop_seeking,
)
from events.actions.looking import look_into
from events.actions.making import create_event
from events.actions.phases import close_results, hold_phase, open_results
from events.actions.registering import cancel_registration, change_answers, confirm, register
from events.actions.roles import grant_role, take_role
from events.actions.seats import pass_on_seats
from events.actions.teams import create_team, join_team, leave_team

__all__ = [
    "add_part",
    "answer_request",
    "ask_to_join",
    "cancel_registration",
    "change_answers",
    "change_event",
    "change_logo",
    "change_part",
    "change_team",
    "check_in",
    "close_results",
    "confirm",
    "create_event",
    "create_team",
    "decide",
    "end_extension",
    "extend",
    "grant_role",
    "hand_over",
    "hold_phase",
    "invite",
    "invite_all",
    "invite_to_team",
    "join_team",
    "leave_team",
    "look_into",
    "move_part",
    "open_results",
    "pass_on_seats",
    "problem_with",
    "redeem",
    "register",
    "remove_member",
    "remove_part",
    "renew_link",
    "seek_team",
    "set_state",
    "stop_seeking",
    "take_away",
    "take_place",
    "take_role",
    "tell_decisions",
    "undo_check_in",
    "withdraw_invitation",
    "write_conduct",
]
