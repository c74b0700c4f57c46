"""From where a request came, for the audit trail."""

from collections.abc import Callable
from contextvars import ContextVar

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

origin: ContextVar[str] = ContextVar("origin", default="")

Handler = Callable[[HttpRequest], HttpResponse]


def origins(get_response: Handler) -> Handler:
    """The network address as the rate limits see it, behind a proxy of our own or not."""

    def answer(request: HttpRequest) -> HttpResponse:
        token = origin.set(_address(request))
        try:
            return get_response(request)
        finally:
            origin.reset(token)

    return answer


def _address(request: HttpRequest) -> str:
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:  # there is none: a request through a socket of this machine
        return ""
