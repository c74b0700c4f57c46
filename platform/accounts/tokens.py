"""Tokens for programs: `Authorization: Bearer podium_…` opens, to read, what its owner may read.

A token reads the pages and exports below /events/<event>/ and nothing else: no account, no
administration, no change. It may be narrowed to one event (B64). The database keeps its SHA-256
only; the text is shown once.
"""

import hashlib
import secrets
from collections.abc import Callable
from datetime import timedelta

from django.db.models.functions import Now
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import resolve
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Token, User
from accounts.rules import can_edit
from theme.refusal import Refused

BEFORE = "podium_"
MOST = 20  # tokens of one person
SEEN = timedelta(minutes=1)  # the time of the last use is kept so exactly
READING = ("GET", "HEAD")
Handler = Callable[[HttpRequest], HttpResponse]


def create_token(
    user: User, account: User, *, name: str, days: int, event: str = ""
) -> tuple[Token, str]:
    """The token and its text, which nobody can read again."""
    if not can_edit(user, account):
        raise Refused(_("Only the owner can change an account."), code="account.not_yours")
    if account.tokens.count() >= MOST:
        raise Refused(_("You have very many tokens; end one first."), code="token.too_many")
    text = BEFORE + secrets.token_urlsafe(32)
    ends = timezone.now() + timedelta(days=days)
    made = Token.objects.create(
        user=account, name=name, event=event, digest=_digest(text), expires_at=ends
    )
    return made, text


def revoke_token(user: User, token: Token) -> None:
    """From the next request on it is no token any more."""
    if not can_edit(user, token.user):
        raise Refused(_("Only the owner can change an account."), code="account.not_yours")
    token.delete()


def middleware(get_response: Handler) -> Handler:
    def answer(request: HttpRequest) -> HttpResponse:
        scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not text.startswith(BEFORE):
            return get_response(request)
        token = Token.objects.usable().filter(digest=_digest(text.strip())).first()
        if token is None:
            return _refused(401, _("This token is unknown, ended or expired."))
        if request.method not in READING:
            return _refused(405, _("Tokens only read."))
        _check_reach(token, request)
        _note_use(token)
        request.user = token.user
        return get_response(request)

    return answer


def _check_reach(token: Token, request: HttpRequest) -> None:
    event = resolve(request.path_info).kwargs.get("event")
    if event is None or token.event not in ("", event):
        raise Http404


def _note_use(token: Token) -> None:
    if token.last_used_at is None or token.last_used_at < timezone.now() - SEEN:
        Token.objects.filter(pk=token.pk).update(last_used_at=Now())


def _refused(status: int, sentence: str) -> JsonResponse:
    return JsonResponse({"detail": sentence}, status=status)


def _digest(text: str) -> str:
    """No salt: the text has 256 random bits, nobody can try them."""
    return hashlib.sha256(text.encode()).hexdigest()
