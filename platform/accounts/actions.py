"""What people do with their account."""

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import can_edit
from theme.refusal import Refused


def update_profile(user: User, account: User, *, name: str, affiliation: str, zone: str) -> User:
    if not can_edit(user, account):
        raise Refused(_("Only the owner can change an account."), code="account.not_yours")
    account.name, account.affiliation, account.timezone = name, affiliation, zone
    account.save(update_fields=["name", "affiliation", "timezone"])
    return account
