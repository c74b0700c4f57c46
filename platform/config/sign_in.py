"""Other sites that people may sign in with, from the environment."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from config.environment import text

SCOPES = {"github": ["user:email"], "google": ["profile", "email"]}


def providers() -> dict[str, dict[str, Any]]:
    """django-allauth's SOCIALACCOUNT_PROVIDERS: those whose client id is set, and no other."""
    found: dict[str, dict[str, Any]] = {}
    for name in ("github", "google", "orcid"):
        if app := _client(f"PODIUM_{name.upper()}"):
            found[name] = {"APPS": [app]}
            if name in SCOPES:
                found[name]["SCOPE"] = SCOPES[name]
    if app := _client("PODIUM_OIDC"):
        server = text("PODIUM_OIDC_URL")
        if not server:
            raise ImproperlyConfigured("Set PODIUM_OIDC_URL to the address of the OpenID server.")
        name = text("PODIUM_OIDC_NAME", "OpenID Connect")
        app |= {"provider_id": "sso", "name": name, "settings": {"server_url": server}}
        found["openid_connect"] = {"APPS": [app], "OAUTH_PKCE_ENABLED": True}
    return found


def _client(prefix: str) -> dict[str, Any]:
    client, secret = text(f"{prefix}_ID"), text(f"{prefix}_SECRET")
    if bool(client) != bool(secret):
        raise ImproperlyConfigured(f"Set both {prefix}_ID and {prefix}_SECRET, or neither.")
    return {"client_id": client, "secret": secret} if client else {}
