"""Who may see and change an account: its owner, nobody else."""

from allauth.mfa.models import Authenticator

from accounts.models import User, Viewer

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def can_edit(user: User, account: User) -> bool:
    return user.is_active and user.pk == account.pk


def can_erase(user: User, account: User) -> bool:
    return can_edit(user, account)


def can_close(user: User, account: User) -> bool:
    """Site administrators close accounts, but neither their own nor a superuser's above them."""
    above = account.is_superuser and not user.is_superuser
    return user.is_active and user.is_staff and user.pk != account.pk and not above


def has_second_factor(user: Viewer) -> bool:
    """Then every session of theirs began with it: signing in asks for it.

    For rooms that require it of somebody. Recovery codes alone are none: they come with a factor.
    """
    found = Authenticator.objects.filter(user_id=user.pk, type__in=SECOND_FACTORS)
    return user.is_authenticated and bool(found.exists())
