"""What `manage.py check --deploy` says of settings that work, but not for a site in production."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import get_connection


@register(Tags.security, deploy=True)
def nothing_is_left_in_files(**_options: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if not settings.EMAIL_HOST and not settings.MAIL_PROVIDER:
        found.append(
            Warning(
                "Mail is written to files and never sent, so nobody can confirm an address.",
                hint="Set PODIUM_SMTP_HOST or PODIUM_MAIL_PROVIDER.",
                id="podium.W001",
            )
        )
    else:
        found += _trouble_with_mail()
    if not settings.REDIS_URL:
        found.append(
            Warning(
                "The broker is a folder, which wakes no worker on another machine.",
                hint="Set REDIS_URL.",
                id="podium.W002",
            )
        )
    return found


def _trouble_with_mail() -> list[CheckMessage]:
    """A provider whose key is missing says so now, not when the first mail is due."""
    try:
        get_connection()
    except ImproperlyConfigured as error:
        sentence = f"No mail can be sent: {str(error).splitlines()[0]}"
        hint = "Each setting of the provider is a variable, with PODIUM_MAIL_ before its name."
        return [Error(sentence, hint=hint, id="podium.E001")]
    return []
