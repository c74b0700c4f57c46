"""Unsubscribing, the one page here that nobody signs in for."""

from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from notices import unsubscribing


@csrf_exempt  # mail programs post here themselves (RFC 8058); the token is the permission
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    try:
        address, event = unsubscribing.meant(token)
    except BadSignature:
        raise Http404 from None
    if request.method == "POST":
        unsubscribing.unsubscribe(address, event)
    done = unsubscribing.wanted_no_more(address, event)
    return render(request, "notices/unsubscribe.html", {"address": address, "done": done})
