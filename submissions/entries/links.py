"""Addresses that people write: which are allowed, what a reader is told of them, videos (B55)."""

import ipaddress
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import ValidationError
from django.core.signing import Signer
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

LONGEST: Final = 500
web_address = URLValidator(
    schemes=["http", "https"],
    message=_("Write a full web address that begins with https:// or http://."),
)


def allowed_address(value: str) -> None:
    """A validator: http(s), a name instead of a number, and nobody's password in it."""
    if len(value) > LONGEST:
        raise ValidationError(_("This address is too long."), code="url.not_allowed")
    web_address(value)
    parts = urlsplit(value)
    if parts.username is not None or parts.password is not None:
        raise ValidationError(
            _("Leave out what stands before the @: it hides where the link leads."),
            code="url.not_allowed",
        )
    if _is_number(parts.hostname or ""):
        raise ValidationError(
            _("Write the name of the site instead of its number."), code="url.not_allowed"
        )


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host.replace(".", "").isdigit()
    return True


def host_of(address: str) -> str:
    """The host in ASCII, so that letters that look like others are seen for what they are."""
    host = urlsplit(address).hostname or ""
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host.encode("ascii", "backslashreplace").decode()


_signer = Signer(salt="submissions.entries.leave")


def ticket(address: str) -> str:
    """The address with our signature: the page that warns of it does so for what stands in a
    submission, and not for whatever somebody asks it to show."""
    return _signer.sign(address)


def address_of(ticket: str) -> str:
    """The reverse. Raises BadSignature."""
    return _signer.unsign(ticket)


YOUTUBE: Final = "https://www.youtube-nocookie.com"
VIMEO: Final = "https://player.vimeo.com"
PLAYERS: Final = (YOUTUBE, VIMEO)


@dataclass(frozen=True)
class Video:
    """A video of a known provider; it is loaded when the reader asks for it, not before."""

    provider: str
    embed: str


def video_of(address: str) -> Video | None:
    """The player's address, or None for a provider that is not known."""
    parts = urlsplit(address)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    if host in ("youtube.com", "youtu.be", "youtube-nocookie.com"):
        return _youtube(parts.path, parse_qs(parts.query).get("v", [""])[0], host)
    if host in ("vimeo.com", "player.vimeo.com"):
        found = re.search(r"/(\d{4,12})(?:/|$)", parts.path)
        return _video("Vimeo", VIMEO, "/video/", found[1] if found else "")
    return None


def _youtube(path: str, asked: str, host: str) -> Video | None:
    found = re.search(r"/(?:embed/|shorts/|live/|v/)?([\w-]{11})$", path)
    name = asked or (found[1] if found else "")
    good = name if re.fullmatch(r"[\w-]{11}", name) else ""
    return _video("YouTube", YOUTUBE, "/embed/", good)


def _video(provider: str, origin: str, path: str, name: str) -> Video | None:
    return Video(provider, f"{origin}{path}{name}") if name else None
