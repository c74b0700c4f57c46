"""What a participant may not see looks like nothing at all, and no query brings it out.

Over all addresses of the site, like tests/test_permissions.py, but with pages drawn whole.
"""

import re
import uuid
from urllib.parse import quote, urlencode

from django.urls import Resolver404, resolve, reverse
from django.utils.html import escape

from tests.test_permissions import INSIDE, PAGES, WORDS, understood, world  # noqa: F401 - fixtures

TOKEN = re.compile(rb"""(?<=csrfmiddlewaretoken" value=")\w+|(?<=X-CSRFToken": ")\w+""")
APART = {"healthz", "metrics", "events:list"}  # figures of this very moment; no word to add to
# Of sessions and posters that the reader may open.
SEEN = {
    f"programme:{name}"
    for name in ("ask", "question_answer", "question_state", "present", "hide_remark")
}
ODD = {"ordering": "score", "score__gte": "90", "expand": "judgements", "format": "json"}


def body(answer, path: str) -> bytes:
    """Without the address itself and what is drawn by lot for each answer."""
    content = b"".join(answer) if answer.streaming else answer.content
    for written in (path, escape(path), quote(path)):
        content = content.replace(written.encode(), b"")
    return TOKEN.sub(b"", content).replace(path.partition("?")[0].encode(), b"")


def another(value: object) -> object:
    """A key of the same kind that nothing has."""
    if isinstance(value, int):
        return 10**9
    return uuid.uuid4() if isinstance(value, uuid.UUID) else "nothing-like-it"


def guessed(name: str, world) -> str:  # noqa: F811
    arguments = PAGES[name].arguments
    keys = [getattr(world, thing) for thing in arguments]
    last = max(n for n, thing in enumerate(arguments) if n and thing not in WORDS)
    return reverse(name, args=[*keys[:last], another(keys[last]), *keys[last + 1 :]])


def test_b60_what_is_not_yours_looks_like_what_does_not_exist(world, sign_in):  # noqa: F811
    """Status, words and headers, for the rival team and for the owner of another event. 403 is for
    what they see and may not change (rule 2)."""
    refused = set()
    for role in ("rival", "foreigner"):
        browser = sign_in(world.people[role])
        for name in sorted(INSIDE):
            page = PAGES[name]
            if role in page.may.split():
                continue
            real, none = page.path(name, world), guessed(name, world)
            seen = [getattr(browser, page.method)(path) for path in (real, none)]
            if seen[0].status_code == 403:
                refused.add(name)
                continue
            assert [answer.status_code for answer in seen] == [404, 404], name
            assert body(seen[0], real) == body(seen[1], none), name
            assert [*seen[0].headers] == [*seen[1].headers], name
    assert refused == SEEN


def test_b62_no_query_type_or_suffix_brings_out_what_is_hidden(world, sign_in):  # noqa: F811
    """No filter, order, expansion or format is taken that a page does not offer."""
    browser = sign_in(world.people["rival"])
    for name, page in PAGES.items():
        if page.method != "get" or "rival" not in page.may.split() or name in APART:
            continue
        if page.query:
            continue  # what it shows stands in its query, under our signature
        path = page.path(name, world)
        plain, asked = browser.get(path), browser.get(path, ODD, headers={"accept": "text/csv"})
        assert asked.status_code == plain.status_code, name
        assert asked.get("ETag") == plain.get("ETag"), name
        query = f"{path}?{urlencode(ODD)}"
        assert len(body(asked, query)) == len(body(plain, path)), name
        for suffixed in {f"{path.rstrip('/')}{suffix}" for suffix in (".csv", ".json")}:
            known = is_declared(suffixed) or is_declared(f"{suffixed}/")
            assert known or browser.get(suffixed).status_code == 404, name


def is_declared(path: str) -> bool:
    """An address of its own, which the permission tests know."""
    try:
        return resolve(path).view_name in PAGES
    except Resolver404:
        return False
