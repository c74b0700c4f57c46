"""Markdown that people write, made safe to show: code in colours, formulas as MathML."""

import nh3
from latex2mathml import exceptions as trouble
from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES
from pygments.util import ClassNotFound

LONGEST_CODE = 20_000  # characters that are coloured; longer code is shown plain
LONGEST_FORMULA = 1_000
_formatter = HtmlFormatter(nowrap=True)
# The converter's own exceptions have no common ancestor, and it lets others through.
STUMBLES: tuple[type[Exception], ...] = (
    *(t for t in vars(trouble).values() if isinstance(t, type) and issubclass(t, Exception)),
    *(ValueError, LookupError, TypeError, AttributeError, StopIteration, RecursionError),
)


def _coloured(code: str, language: str, _attributes: str) -> str:
    """HTML of code in the named language; "" leaves it plain."""
    if not language or len(code) > LONGEST_CODE:
        return ""
    try:
        return highlight(code, get_lexer_by_name(language), _formatter)
    except ClassNotFound:
        return ""


def _formula(source: str, options: dict[str, bool]) -> str:
    """MathML of a formula in LaTeX, or its source where it is none."""
    if len(source) <= LONGEST_FORMULA:
        try:
            return convert(source, display="block" if options["display_mode"] else "inline")
        except STUMBLES:
            pass  # the formula is somebody's text: what cannot be drawn is shown as it was written
    return f"<code>{nh3.clean_text(source)}</code>"


_parser = MarkdownIt(
    "commonmark", {"html": False, "typographer": True, "maxNesting": 20, "highlight": _coloured}
)
_parser.enable(["table", "strikethrough"])
dollarmath_plugin(
    _parser, allow_space=False, allow_digits=False, double_inline=True, renderer=_formula
)

MATH = {
    *("math", "semantics", "mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "mfrac", "msqrt"),
    *("mroot", "mstyle", "msub", "msup", "msubsup", "munder", "mover", "munderover", "mtable"),
    *("mtr", "mtd", "mfenced", "mpadded", "mphantom", "menclose"),
}
LOOKS = {"displaystyle", "scriptlevel", "stretchy", "fence", "separator", "mathvariant", "form"}
TAGS = {
    *("p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote", "ul", "ol", "li"),
    *("h2", "h3", "h4", "h5", "h6", "a", "table", "thead", "tbody", "tr", "th", "td", "span"),
    *MATH,
}
ATTRIBUTES = {tag: LOOKS for tag in MATH} | {
    "a": {"href", "title"},
    "math": {"display"},
    "mo": LOOKS | {"lspace", "rspace", "minsize", "maxsize", "accent"},
    "mspace": {"width"},
    "mtable": {"columnalign"},
}
HEADING = {f"h{n}": f"h{min(n + 1, 6)}" for n in range(1, 7)}


def render(source: str) -> str:
    """HTML of CommonMark `source`: no scripts, no styles, no pictures from elsewhere (B48).

    Headings go one level down, because the page's own title is the only first-level one.
    """
    tokens = _parser.parse(source)
    for token in tokens:
        token.tag = HEADING.get(token.tag, token.tag)
    return clean(_parser.renderer.render(tokens, _parser.options, {}))


def clean(html: str) -> str:
    """The same HTML with nothing in it that Markdown could not have made."""
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        allowed_classes={"span": {name for name in STANDARD_TYPES.values() if name}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow ugc",
    )
