"""What every page of a signed-in person gets: privacy from caches, and the own time zone."""

import zoneinfo
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

Handler = Callable[[HttpRequest], HttpResponse]


def privacy(get_response: Handler) -> Handler:
    """Pages of signed-in people are never kept by a cache (reliability B91)."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.user.is_authenticated:
            add_never_cache_headers(response)
        return response

    return answer


def zone(get_response: Handler) -> Handler:
    """Times are shown in the viewer's zone; the database keeps UTC."""

    def answer(request: HttpRequest) -> HttpResponse:
        name = request.user.timezone if request.user.is_authenticated else "UTC"
        with timezone.override(zoneinfo.ZoneInfo(name)):
            return get_response(request)

    return answer
