"""What django-allauth asks us about accounts."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
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
