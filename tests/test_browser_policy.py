"""What every page tells the browser, and that no page needs less."""

import re
from pathlib import Path

import pytest
from django.urls import reverse

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = [
    path
    for room in ("platform", "submissions", "anomaly", "judging")
    for path in (ROOT / room).rglob("templates/**/*.html")
]
INLINE = re.compile(r"""<style|\sstyle=["']|\son[a-z]+=["']|<script(?![^>]*\ssrc=)|hx-on""")


def test_policy_allows_nothing_inline(client, db):
    policy = client.get(reverse("events:list"))["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy


def test_headers_keep_pages_to_themselves(client, db):
    headers = client.get(reverse("events:list")).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_template_has_no_inline_script_or_style(path):
    source = re.sub(r"{% comment %}.*?{% endcomment %}", "", path.read_text(), flags=re.S)
    assert not INLINE.search(source)


@pytest.mark.parametrize(
    "bad", ["<style>", '<p style="x">', '<a onclick="x">', "<script>x", '<i hx-on:click="x">']
)
def test_inline_search_finds_what_it_should(bad):
    """The negative control of the test above."""
    assert INLINE.search(bad)
