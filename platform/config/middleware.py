"""What concerns every page: requests that none can answer, and fragments for who is signed out."""

import random
import time
from collections.abc import Callable
from urllib.parse import unquote

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from theme import refusal

Handler = Callable[[HttpRequest], HttpResponse]
TRIES = 4
COLLISIONS = {"40001", "40P01"}  # PostgreSQL: serialization failure, deadlock


def no_nul(get_response: Handler) -> Handler:
    """400 for a NUL in address or cookies: PostgreSQL has no text with one (B45). Forms say so
    beside the field."""

    def answer(request: HttpRequest) -> HttpResponse:
        asked = (request.path, unquote(request.META["QUERY_STRING"]), *request.COOKIES.values())
        if any("\x00" in part for part in asked):
            raise BadRequest("a NUL character in the address or a cookie")
        return get_response(request)

    return answer


class TriedAgain:
    """A view whose transaction the database ended for another's sake (a deadlock, a serialization
    failure) runs again: nothing of it was kept. After the third time it is a 503 (F20)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        match = request.resolver_match
        for attempt in range(1, TRIES):
            if match is None or not is_collision(error) or connection.in_atomic_block:
                return None if attempt == 1 else self.refused(request, error)
            time.sleep(random.uniform(0, 0.05 * 2**attempt))  # noqa: S311 - no secret
            try:
                answer: HttpResponse = match.func(request, *match.args, **match.kwargs)
            except Exception as again:  # another collision, or what the view has to say this time
                error = again
            else:
                return answer
        raise error

    def refused(self, request: HttpRequest, error: Exception) -> HttpResponse:
        """What the middleware of refusals would have made of it. Raises everything else."""
        if answer := refusal.middleware(self.get_response).process_exception(request, error):
            return answer
        raise error


def is_collision(error: Exception) -> bool:
    code = getattr(error.__cause__, "pgcode", None)
    return isinstance(error, OperationalError) and code in COLLISIONS


def signed_out(get_response: Handler) -> Handler:
    """A fragment for whom the session has ended is one line with a link. The whole page of signing
    in would be put inside the page, and a redirect would throw away what is typed there."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        sign_in = resolve_url(settings.LOGIN_URL)
        redirected = response.status_code == 302 and response["Location"].startswith(sign_in)
        if not (redirected and "HX-Request" in request.headers):
            return response
        page = request.htmx.current_url_abs_path  # type: ignore[attr-defined]
        address = f"{sign_in}?{urlencode({'next': page})}" if page else sign_in
        line = format_html('<p><a href="{}">{}</a></p>', address, _("Signed out: sign in again."))
        return HttpResponse(line)

    return answer
