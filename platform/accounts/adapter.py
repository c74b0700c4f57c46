"""What django-allauth asks us about accounts."""

import uuid
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.account.utils import setup_user_email
from allauth.core import context
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.db import transaction
from django.http import HttpRequest

from accounts.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Whoever proves an address has it.

        An account that somebody made with it and never confirmed, so that nobody could ever sign
        in, makes room: two accounts cannot have one address.
        """
        confirmed: bool = super().confirm_email(request, email_address)
        if confirmed:
            others = User.objects.exclude(pk=email_address.user_id)
            unused = others.filter(email__iexact=email_address.email, last_login=None)
            unused.exclude(emailaddress__verified=True).delete()
        return confirmed

    def send_account_already_exists_mail(self, email: str) -> None:
        """Whoever signs up with a known address waits as long as with an unknown one (B67)."""
        _as_for_somebody_new(context.request)
        super().send_account_already_exists_mail(email)


@transaction.atomic
def _as_for_somebody_new(request: HttpRequest) -> None:
    """The work of an account, its password's hash included, of which nothing stays."""
    nobody = User(email=f"{uuid.uuid4()}@nobody.invalid", name="–")
    nobody.set_password(nobody.email)
    nobody.save()
    nobody.save(update_fields=["name"])
    setup_user_email(request, nobody, [])
    transaction.set_rollback(True)


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    def populate_user(
        self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]
    ) -> User:
        """The name as the other site has it; people change it in their profile."""
        user: User = super().populate_user(request, sociallogin, data)
        parts = (data.get("first_name"), data.get("last_name"))
        user.name = data.get("name") or " ".join(part for part in parts if part)
        user.name = user.name[: User._meta.get_field("name").max_length]
        return user
