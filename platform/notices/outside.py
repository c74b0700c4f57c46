"""Connections to addresses that an organizer names: to the open internet, never into our own house.

Each address a name stands for is looked at, and the connection goes to the very address that was
looked at, so a name that changes its mind in between gains nothing (B71). Nothing is followed.
"""

import http.client
import ipaddress
import socket
import ssl
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

TIMEOUT = 5.0  # seconds, for each step
ENOUGH = 1024  # bytes of the answer that are read at most
# They lead to addresses of IPv4, which may be inside.
BRIDGES = [ipaddress.ip_network(name) for name in ("64:ff9b::/96", "2002::/16", "2001::/32")]


class NotAllowed(OSError):
    """The address is no address of the open internet."""


def post(address: str, body: bytes, headers: dict[str, str]) -> int:
    """The status that the other side answered. Raises OSError and HTTPException."""
    parts = urlsplit(address)
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    connection = _connection(parts.scheme, parts.hostname or "", parts.port)
    try:
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        answer.read(ENOUGH)
        return answer.status
    finally:
        connection.close()


def _connection(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "http" and settings.PODIUM_WEBHOOKS_INSIDE:
        plain = http.client.HTTPConnection(host, port, timeout=TIMEOUT)
        plain.sock = reach(host, plain.port)
        return plain
    if scheme != "https":
        raise NotAllowed(_("Only https:// addresses are asked."))
    context = ssl.create_default_context()
    secure = http.client.HTTPSConnection(host, port, timeout=TIMEOUT, context=context)
    secure.sock = context.wrap_socket(reach(host, secure.port), server_hostname=host)
    return secure


def reach(host: str, port: int) -> socket.socket:
    """A socket to one of the addresses of `host` that are outside."""
    trouble: OSError = NotAllowed(_("This address is not on the open internet."))
    for family, kind, protocol, _name, place in socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM
    ):
        if not is_allowed(str(place[0])):
            continue
        sock = socket.socket(family, kind, protocol)
        sock.settimeout(TIMEOUT)
        try:
            sock.connect(place)
        except OSError as error:
            sock.close()
            trouble = error
        else:
            return sock
    raise trouble


def is_allowed(address: str) -> bool:
    if settings.PODIUM_WEBHOOKS_INSIDE:
        return True
    ip = ipaddress.ip_address(address.partition("%")[0])
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return ip.is_global and not ip.is_multicast and not any(ip in bridge for bridge in BRIDGES)
