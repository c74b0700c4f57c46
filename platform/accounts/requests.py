"""What a view gets after the middleware has run."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import Viewer


class Visit(HttpRequest):
    """Says to the type checker what the middleware adds."""

    user: Viewer
    htmx: HtmxDetails
