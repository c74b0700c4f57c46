"""What no page can answer is turned away before any of them is asked."""

from collections.abc import Callable
from urllib.parse import unquote

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]


def no_nul(get_response: Handler) -> Handler:
    """400 for a NUL in address or cookies: PostgreSQL has no text with one (B45). Forms say so
    beside the field."""

    def answer(request: HttpRequest) -> HttpResponse:
        asked = (request.path, unquote(request.META["QUERY_STRING"]), *request.COOKIES.values())
        if any("\x00" in part for part in asked):
            raise BadRequest("a NUL character in the address or a cookie")
        return get_response(request)

    return answer
