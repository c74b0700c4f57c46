"""Markdown that people write, made safe to show."""

import nh3
from markdown_it import MarkdownIt

_parser = MarkdownIt("commonmark", {"html": False, "typographer": True, "maxNesting": 20})
_parser.enable(["table", "strikethrough"])

TAGS = {
    *("p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote", "ul", "ol", "li"),
    *("h2", "h3", "h4", "h5", "h6", "a", "table", "thead", "tbody", "tr", "th", "td"),
}
HEADING = {f"h{n}": f"h{min(n + 1, 6)}" for n in range(1, 7)}


def render(source: str) -> str:
    """HTML of CommonMark `source`: no scripts, no styles, no pictures from elsewhere (B48).

    Headings go one level down, because the page's own title is the only first-level one.
    """
    tokens = _parser.parse(source)
    for token in tokens:
        token.tag = HEADING.get(token.tag, token.tag)
    html = _parser.renderer.render(tokens, _parser.options, {})
    return nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href", "title"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow ugc",
    )
