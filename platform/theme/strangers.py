"""Pages that are the same for every stranger are made once and shown for a moment.

Whoever has a session, a message that waits or a token is no stranger and gets a page of their own;
so does every address with a query, and every page that carries a token against forged requests.
What is kept lies in the process's memory: for PODIUM_STRANGERS_SECONDS strangers may still see what
was public until then.
"""

import threading
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

View = Callable[..., HttpResponse]
Address = tuple[str, str | None]
MOST = 1000  # pages that are kept
NONCE = b"\x00"  # of the Content-Security-Policy, each visitor's own; no page holds a NUL

_kept: dict[Address, tuple[float, bytes]] = {}
_lock = threading.Lock()


def same_for_strangers(view: View) -> View:
    """For views whose page depends, for a stranger, on nothing but the address and the time."""

    @wraps(view)
    def answer(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        if not settings.PODIUM_STRANGERS_SECONDS or not is_stranger(request):
            return view(request, *arguments, **named)
        if page := _find(request):
            return HttpResponse(page)
        response = view(request, *arguments, **named)
        if _is_same_for_all(request, response):
            _keep(request, response.content)
        return response

    return answer


def is_stranger(request: HttpRequest) -> bool:
    """Asks for a whole page by its bare address, and brings nothing by which they are known."""
    known = (settings.SESSION_COOKIE_NAME, "messages")
    bare = request.method == "GET" and not request.META.get("QUERY_STRING")
    whole = "HX-Request" not in request.headers
    told = any(request.COOKIES.get(name) for name in known)
    return bare and whole and not told and not request.user.is_authenticated


def _is_same_for_all(request: HttpRequest, response: HttpResponse) -> bool:
    tells_token = request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
    plain = response.status_code == 200 and set(response.headers) == {"Content-Type"}
    return plain and not response.cookies and not tells_token and not request.session.modified


def _address(request: HttpRequest) -> Address:
    return request.build_absolute_uri(), get_language()


def _find(request: HttpRequest) -> bytes | None:
    until, page = _kept.get(_address(request), (0.0, b""))
    return page.replace(NONCE, _nonce(request)) if time.monotonic() < until else None


def _keep(request: HttpRequest, page: bytes) -> None:
    until = time.monotonic() + settings.PODIUM_STRANGERS_SECONDS
    with _lock:
        if len(_kept) >= MOST:
            _kept.clear()
        _kept[_address(request)] = until, page.replace(_nonce(request), NONCE)


def _nonce(request: HttpRequest) -> bytes:
    return str(request.csp_nonce).encode()  # type: ignore[attr-defined]
