"""What bad input gets: the sentence beside its field, and nothing that was typed is lost."""

import re
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from events.models import Phase
from submissions.entries import votes
from submissions.entries.links import video_of
from submissions.entries.models import Submission
from tests.conftest import close_phase
from theme.markdown import render

TYPED = "What I typed."
ADDRESS = "Write a full web address that begins with https:// or http://."
BAD = {
    "over-long title (B47)": ({"title": "x" * 121}, "at most 120 characters (it has 121)"),
    "over-long summary": ({"summary": "x" * 301}, "at most 300 characters (it has 301)"),
    "over-long description": ({"description": "x" * 20_001}, "at most 20000 characters"),
    "no title": ({"title": " "}, "This field is required."),
    "NUL (B45)": ({"summary": "a\x00b"}, "Null characters are not allowed."),
    "javascript link (B55)": ({"demo_url": "javascript:alert(1)"}, ADDRESS),
    "data link (B55)": ({"demo_url": "data:text/html,x"}, ADDRESS),
    "file link (B55)": ({"demo_url": "file:///etc/passwd"}, ADDRESS),
    "hidden host (B55)": ({"demo_url": "https://good.org@evil.org/"}, "what stands before the @"),
    "number for a host (B55)": ({"demo_url": "http://127.0.0.1/"}, "instead of its number"),
    "10 KB link (B55)": ({"demo_url": "https://a.org/" + "x" * 10_000}, "at most 500 characters"),
    "foreign category": ({"track": "foreign"}, "Select a valid choice."),
    "no such category": ({"track": "999999999999999999999"}, "Select a valid choice."),
    "foreign licence": ({"licence": "mine"}, "Select a valid choice."),
    "torn marks": ({"seen": "{"}, "Enter a valid JSON."),
}


@pytest.fixture
def page(sign_in, author, draft, other_event):
    """Sends the form of the draft, with all in order but what is told."""
    browser, url = sign_in(author), reverse("entries:edit", args=[draft.event.slug, draft.pk])
    base = {"title": "Kestrel", "summary": "Short.", "description": TYPED, "revision": 1}

    def send(**told):
        if told.get("track") == "foreign":
            told["track"] = other_event.tracks.first().pk
        answer = browser.post(url, base | {"track": draft.track_id} | told)
        return answer.status_code, unescape(answer.content.decode())

    return send


def test_bad_input_is_told_beside_its_field_with_all_that_was_typed(page, draft):
    for name, (told, sentence) in BAD.items():
        status, shown = page(**told)
        assert status == 200, name
        assert sentence in shown, name
        if "description" not in told:
            assert TYPED in shown, name
    draft.refresh_from_db()
    assert (draft.revision, draft.summary) == (1, "Finds broken sensors.")


def test_link_leaves_by_a_page_that_says_where_it_leads(sign_in, author, submission):
    """B55: letters that look like others are seen for what they are; only our own links do."""
    Submission.objects.update(repository_url="https://githu\u0432.com/someone/code")
    page = sign_in(author).get(submission.get_absolute_url()).content.decode()
    out = unescape(re.search(r'href="(/leave/[^"]*)"', page)[1])
    stranger = sign_in(None)
    shown = unescape(stranger.get(out).content.decode())
    assert "xn--githu-" in page
    assert "Go to xn--githu-" in shown
    assert 'href="https://githu\u0432.com/someone/code" rel="noopener noreferrer' in shown
    for forged in ("/leave/", "/leave/?to=https://evil.example.org", f"{out}x"):
        assert stranger.get(forged).status_code == 404


def test_foreign_ids_in_every_field_change_only_the_own_draft(page, rival, draft, organizer):
    """B61: what the form does not ask for is not read."""
    status, _shown = page(
        state="submitted",
        decision="accepted",
        team="x",
        event="x",
        entry_type=1,
        id="x",
        submitted_at="2020",
        revealed_at="2020",
        pk="x",
    )
    draft.refresh_from_db()
    assert status == 302
    assert (draft.state, draft.decision, draft.revealed_at) == ("draft", "submitted", None)


def test_replayed_form_after_the_deadline_keeps_the_text_on_the_page(page, event):
    close_phase(event, Phase.Kind.SUBMISSION)
    _status, shown = page()
    assert "Submissions are closed. Your draft is kept as you saved it last." in shown
    assert TYPED in shown


def test_deactivated_account_and_non_member_write_nothing(sign_in, author, rival, draft):
    url = reverse("entries:edit", args=[draft.event.slug, draft.pk])
    assert sign_in(rival).post(url, {"title": "Mine now"}).status_code == 404
    browser = sign_in(author)
    author.is_active = False
    author.save()
    assert browser.post(url, {"title": "Still here"}).status_code == 302  # to sign in
    assert Submission.objects.get().title == "Kestrel"


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,x)",
        "![x](https://tracker.example.org/a.png)",
        "<svg onload=alert(1)>",
        '<a hx-get="/admin/" hx-trigger="load">x</a>',
        "$\\href{javascript:alert(1)}{x}$",
        "$\\style{x}{<script>}$",
        "```html\n<script>alert(1)</script>\n```",
        '```"><script>\nx\n```',
    ],
)
def test_text_does_nothing_on_the_page(source):
    """B48, B49: neither as Markdown nor as a formula nor as code in colours."""
    html = render(source).lower()
    assert not re.search("<(script|img|svg|form)", html)
    assert not re.search('<[a-z][^>]*(hx-get|onerror|onload|href="(javascript|data))', html)


@pytest.mark.parametrize(
    ("one", "other"),
    [("a@x.org", "a+1@x.org"), ("a.b@gmail.com", "ab@googlemail.com"), ("A@x.org", "a@X.org")],
)
def test_addresses_of_one_mailbox_vote_once(one, other):
    """B70."""
    assert votes.mailbox(one) == votes.mailbox(other)


@pytest.mark.parametrize(
    ("address", "embed"),
    [
        ("https://www.youtube.com/watch?v=abcdefghijk", "/embed/abcdefghijk"),
        ("https://youtu.be/abcdefghijk", "/embed/abcdefghijk"),
        ("https://vimeo.com/123456", "/video/123456"),
        ("https://youtube.com.evil.org/watch?v=abcdefghijk", None),
        ("https://www.youtube.com/watch?v=../../evil", None),
        ("https://example.org/film.mp4", None),
    ],
)
def test_only_known_players_are_let_in(address, embed):
    video = video_of(address)
    assert (urlsplit(video.embed).path if video else None) == embed


def test_page_of_the_video_alone_lets_the_player_in(sign_in, author, draft):
    Submission.objects.update(video_url="https://youtu.be/abcdefghijk")
    browser, base = sign_in(author), draft.get_absolute_url()
    assert "youtube" not in browser.get(base)["Content-Security-Policy"]
    policy = browser.get(f"{base}video/")["Content-Security-Policy"]
    assert "frame-src https://www.youtube-nocookie.com https://player.vimeo.com" in policy
