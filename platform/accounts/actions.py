"""What people do with their account."""

from collections.abc import Sequence
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Model
from django.db.models.functions import Now
from django.dispatch import Signal
from django.utils.translation import gettext as _

from accounts import personal_data, pictures, traces
from accounts.models import User
from accounts.rules import can_close, can_edit, can_erase
from theme.refusal import Refused

# Sent with `actor`, `account` and `verb` when an account is closed or opened, in the transaction of
# that: a later room writes it down.
changed = Signal()
WAY_BACK = "accounts.reactivate"
OF_THE_PROFILE = ("name", "affiliation", "country", "timezone", "links")


def update_profile(
    user: User,
    account: User,
    *,
    name: str,
    affiliation: str,
    zone: str,
    country: str = "",
    links: Sequence[str] = (),
) -> User:
    _refuse_others(user, account)
    account.name, account.affiliation, account.timezone = name, affiliation, zone
    account.country, account.links = country, list(links)
    account.save(update_fields=OF_THE_PROFILE)
    return account


def change_picture(user: User, account: User, *, upload: "UploadedFile[bytes] | None") -> User:
    """Keeps a small copy of the picture; without one, takes the old one away."""
    _refuse_others(user, account)
    before, account.picture = account.picture, pictures.keep(upload) if upload else ""
    account.save(update_fields=["picture"])
    transaction.on_commit(lambda: pictures.remove(before))
    return account


def end_sessions(account: User) -> None:
    """Signs the person out everywhere."""
    for session in UserSession.objects.filter(user=account):
        session.end()


@transaction.atomic
def close_account(user: User, account: User, *, closed: bool = True) -> User:
    """Nobody signs in with it any more, from the next request on; or, opened again, they may."""
    if not can_close(user, account) or account.erased_at:
        raise Refused(_("This account cannot be closed or opened."), code="account.not_yours")
    account.is_active, account.left_at = not closed, None
    account.save(update_fields=["is_active", "left_at"])
    if closed:
        end_sessions(account)
    verb = "close_account" if closed else "open_account"
    changed.send(User, actor=user, account=account, verb=verb)
    return account


@transaction.atomic
def deactivate(user: User, account: User) -> str:
    """The person leaves and may come back: everything stays, and nobody signs in with the account
    until the text that is given back here is shown to `reactivate`. It is good for one time."""
    if not can_erase(user, account):
        raise Refused(_("Only the owner can deactivate an account."), code="account.not_yours")
    account.is_active, account.left_at = False, Now()
    account.save(update_fields=["is_active", "left_at"])
    account.refresh_from_db(fields=["left_at"])
    end_sessions(account)
    changed.send(User, actor=user, account=account, verb="deactivate_account")
    return signing.dumps([account.pk, str(account.left_at)], salt=WAY_BACK)


@transaction.atomic
def reactivate(text: str) -> User:
    """For whoever holds the text. Not for what an administrator closed or the owner erased."""
    try:
        key, left_at = signing.loads(text, salt=WAY_BACK)
    except signing.BadSignature:
        key, left_at = 0, ""
    account = User.objects.filter(pk=key, is_active=False, erased_at=None).first()
    if account is None or str(account.left_at) != left_at:
        raise Refused(
            _("This link was used already, or the account was closed since. Try to sign in."),
            code="account.no_way_back",
        )
    account.is_active, account.left_at = True, None
    account.save(update_fields=["is_active", "left_at"])
    changed.send(User, actor=account, account=account, verb="reactivate_account")
    return account


@transaction.atomic
def erase(user: User, account: User) -> None:
    """Everything personal goes, in all rooms; what others depend on stays as a former
    participant's. There is no way back."""
    if not can_erase(user, account):
        raise Refused(_("Only the owner can erase an account."), code="account.not_yours")
    personal_data.erase(account)


def erase_account(account: User) -> None:
    """This room's part: the row stays, because others refer to it, and says nothing any more."""
    words = [*_of_addresses(account), account.name, *account.links]
    end_sessions(account)
    EmailAddress.objects.filter(user=account).delete()
    Authenticator.objects.filter(user=account).delete()
    SocialAccount.objects.filter(user=account).delete()
    account.tokens.all().delete()
    picture = account.picture
    for name in ("name", "affiliation", "country", "picture"):
        setattr(account, name, "")
    account.email, account.links, account.timezone = f"erased-{account.pk}@invalid", [], "UTC"
    account.is_active = account.is_staff = account.is_superuser = False
    account.last_login, account.erased_at = None, Now()
    account.set_unusable_password()
    account.save()
    account.refresh_from_db()
    traces.forget(account, words)
    transaction.on_commit(lambda: pictures.remove(picture))


def collect_account(account: User) -> personal_data.Held:
    """This room's part of what is held about a person."""
    fields = ("email", *OF_THE_PROFILE, "date_joined", "last_login")
    data = {field: getattr(account, field) for field in fields} | {
        "addresses": _of(EmailAddress, account, "email", "verified", "primary"),
        "sessions": _of(UserSession, account, "created_at", "ip", "user_agent"),
        "second_factors": _of(Authenticator, account, "type", "created_at"),
        "connections": _of(SocialAccount, account, "provider", "uid", "extra_data"),
    }
    data["rows"] = traces.rows_about(account)
    files = {"picture.webp": pictures.path(account.picture)} if account.picture else {}
    return personal_data.Held(data, files)


def _of_addresses(account: User) -> list[str]:
    known = EmailAddress.objects.filter(user=account).values_list("email", flat=True)
    return [account.email, *known]


def _of(model: type[Model], account: User, *fields: str) -> list[dict[str, Any]]:
    return list(model._default_manager.filter(user=account).values(*fields))


def _refuse_others(user: User, account: User) -> None:
    if not can_edit(user, account):
        raise Refused(_("Only the owner can change an account."), code="account.not_yours")
