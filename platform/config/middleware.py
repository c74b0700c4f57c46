"""What concerns every page: requests that none can answer, and fragments for who is signed out."""

from collections.abc import Callable
from urllib.parse import unquote

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _

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
