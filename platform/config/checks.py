"""What `manage.py check --deploy` says of settings that work, but not for a site in production."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register


@register(Tags.security, deploy=True)
def nothing_is_left_in_files(**_options: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if not settings.EMAIL_HOST:
        found.append(
            Warning(
                "Mail is written to files and never sent, so nobody can confirm an address.",
                hint="Set PODIUM_SMTP_HOST.",
                id="podium.W001",
            )
        )
    if not settings.REDIS_URL:
        found.append(
            Warning(
                "The broker is a folder, which wakes no worker on another machine.",
                hint="Set REDIS_URL.",
                id="podium.W002",
            )
        )
    return found
