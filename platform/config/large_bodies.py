"""Uploads take turns, so that pages need not (L9)."""

import threading
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

Handler = Callable[[HttpRequest], HttpResponse]

LARGE = 2**20  # bytes
PATIENCE = 60.0  # seconds
RETRY_AFTER = "3"  # the page's own script tries again by itself


class LargeBodies:
    """Of the requests with a large body a web process reads PODIUM_UPLOADS at a time; some more
    wait, unread, in threads of their own, and the rest are told to come back: whatever is uploaded,
    threads are left for pages. It stands before whatever reads a body or asks the database."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        most = settings.PODIUM_UPLOADS
        self.read = threading.BoundedSemaphore(most)
        self.taken = threading.BoundedSemaphore(most + settings.PODIUM_UPLOADS_WAITING)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_large(request):
            return self.get_response(request)
        if not self.taken.acquire(blocking=False):
            return later()
        try:
            return self.in_turn(request)
        finally:
            self.taken.release()

    def in_turn(self, request: HttpRequest) -> HttpResponse:
        if not self.read.acquire(timeout=PATIENCE):
            return later()
        try:
            return self.get_response(request)
        finally:
            self.read.release()


def is_large(request: HttpRequest) -> bool:
    """A body without a length may be of any."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    endless = "HTTP_TRANSFER_ENCODING" in request.META
    return endless or (length.isdecimal() and int(length) >= LARGE)


def later() -> HttpResponse:
    sentence = _(
        "Many people upload at this moment. Nothing you had saved is lost; go back and send the "
        "file again in a few seconds."
    )
    page = render_to_string("503.html", {"sentence": sentence})
    return HttpResponse(page, status=503, headers={"Retry-After": RETRY_AFTER})
