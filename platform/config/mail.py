"""Which service sends the mail: a mail server (SMTP), or a provider by django-anymail.

A provider is named by PODIUM_MAIL_PROVIDER (postmark, mailgun, amazon_ses, …); each of anymail's
settings for it is a variable: POSTMARK_SERVER_TOKEN becomes PODIUM_MAIL_POSTMARK_SERVER_TOKEN.
"""

import os
import pkgutil

import anymail.backends
from django.core.exceptions import ImproperlyConfigured

BEFORE = "PODIUM_MAIL_"
OWN = {"PROVIDER", "FROM"}
NONE_OF_THEM = {"base", "base_requests", "console", "test"}  # modules there that send nothing


def providers() -> list[str]:
    found = {module.name for module in pkgutil.iter_modules(anymail.backends.__path__)}
    return sorted(found - NONE_OF_THEM)


def backend(provider: str) -> str:
    """The class that sends. Raises ImproperlyConfigured for a provider that nobody knows."""
    if provider not in providers():
        known = ", ".join(providers())
        raise ImproperlyConfigured(f"PODIUM_MAIL_PROVIDER is {provider!r}; choose one of: {known}.")
    return f"anymail.backends.{provider}.EmailBackend"


def provider_settings() -> dict[str, object]:
    """Anymail's own settings, from the environment."""
    told = {
        name.removeprefix(BEFORE): value.strip()
        for name, value in os.environ.items()
        if name.startswith(BEFORE) and name.removeprefix(BEFORE) not in OWN
    }
    return {"REQUESTS_TIMEOUT": 10, **told}
