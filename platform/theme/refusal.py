"""How a verb says no: one exception, one sentence for people, on the page where it happened."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme

Handler = Callable[[HttpRequest], HttpResponse]

# By the whole code or its last word; every other refusal is a conflict with how things stand.
STATUS = {
    "not_yours": 403,
    "too_large": 413,
    "too_many": 429,
    "storage.full": 507,
    "busy": 423,
    "server.full": 503,
    "checksum_mismatch": 460,
}
CONFLICT = 409
FULL = 503


class Refused(Exception):
    """Raised by actions when a person may not, or cannot now, do what was asked.

    The message is a translated sentence that says what is wrong and what to do; `code` is stable
    and for programs ("submission.not_yours").
    """

    def __init__(self, sentence: str, *, code: str = "refused") -> None:
        super().__init__(sentence)
        self.code = code

    @property
    def status(self) -> int:
        """The HTTP status that says the same."""
        return STATUS.get(self.code, STATUS.get(self.code.rpartition(".")[2], CONFLICT))


class middleware:  # settings list it beside functions
    """Whoever pressed a plain button (no form to fill in) is back on its page with the sentence."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        if exception.status == FULL:  # one page, whoever asks: this must cost nothing
            return _sentence(request, exception, headers={"Retry-After": "3"})
        came_from = request.headers.get("Referer", "")
        own = url_has_allowed_host_and_scheme(came_from, {request.get_host()})
        if own and request.method == "POST" and not request.headers.get("HX-Request"):
            messages.error(request, str(exception))
            return redirect(came_from)
        return _sentence(request, exception)


def _sentence(
    request: HttpRequest, refused: Refused, headers: dict[str, str] | None = None
) -> HttpResponse:
    page = render_to_string("theme/refused.html", {"sentence": refused}, request)
    return HttpResponse(page, status=refused.status, headers=headers)
