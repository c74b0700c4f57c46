import pytest

from theme.markdown import render


def test_render_knows_the_usual_marks():
    html = render("# Title\n\n*a* **b** `c` [d](https://example.org)\n\n| x |\n|---|\n| 1 |")
    assert "<h2>Title</h2>" in html
    assert "<em>a</em> <strong>b</strong> <code>c</code>" in html
    assert 'href="https://example.org"' in html
    assert 'rel="noopener nofollow ugc"' in html
    assert "<td>1</td>" in html


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        '<img src=x onerror="alert(1)">',
        "<svg onload=alert(1)>",
        "![tracker](https://evil.example/pixel.gif)",
        '<form action="/"><input></form>',
        '<div hx-get="/accounts/logout/" hx-trigger="load">x</div>',
        '<a style="position:fixed" href="https://a.example">x</a>',
    ],
)
def test_render_of_hostile_text_leaves_no_active_part(hostile):
    """B48, B49."""
    html = render(hostile)
    for active in ("<script", "<img", "<svg", "<form", "<div", '="javascript:', '="data:', "<a st"):
        assert active not in html


@pytest.mark.parametrize("flood", ["[" * 20_000, ">" * 10_000 + "x", "*a " * 7_000])
def test_render_of_a_flood_ends(flood):
    """B48: nesting is bounded, so that no text can keep the server busy."""
    assert len(render(flood)) < 10 * len(flood)
