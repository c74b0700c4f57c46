"""How a text speaks of a person: by full name, by an address, by a link.

A name is looked for as a whole: "Bo Li" where both words stand beside each other, and neither "Bo"
nor "Li" alone, which others are called, too. Scripts that set no spaces between words have names
inside longer runs of letters. A name of one or two letters ("Li") is a word of a language or a
symbol, too: it counts where it is all that stands there, and in rows that refer to the person.
"""

import html
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

SHORT = 2  # letters of a name that others' texts may mean otherwise; 1 where no spaces are set
# Thai and Lao, Burmese, Khmer, kana, Han; Hangul, whose particles follow a name without a space
_RANGES = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_UNSPACED = re.compile(f"[{_RANGES}]")


@dataclass(frozen=True)
class Mention:
    word: str
    pattern: re.Pattern[str]
    short: bool

    def without(self, text: str, instead: str, *, own: bool) -> str:
        """The text with something else in its place; `own`: it stands in a row of the person."""
        if self.short and not own:
            return instead if text == self.word else text
        return self.pattern.sub(lambda _found: instead, text)

    def may_stand_in(self, field: str, own: Q) -> Q:
        """Rows that are worth reading, those that meet `own` being the person's."""
        if not self.short:
            return _all(_contains(field, "icontains", part) for part in self.word.split())
        alone = Q(**{field: self.word}) | _contains(field, "contains", self.word, quote='"')
        return alone | own & _contains(field, "contains", self.word)


def of(words: Iterable[str]) -> list[Mention]:
    """The longest first: an address before a name that stands in it."""
    written = {form for word in words if word.strip() for form in (word, html.escape(word))}
    return [_mention(word.strip()) for word in sorted(written, key=len, reverse=True)]


def _mention(word: str) -> Mention:
    text = r"\s+".join(re.escape(part) for part in word.split())
    if _UNSPACED.search(word):
        return Mention(word, re.compile(text), short=len(word) < SHORT)
    short = len(word) <= SHORT
    case = re.NOFLAG if short else re.IGNORECASE
    return Mention(word, re.compile(rf"(?<!\w){text}(?!\w)", case), short)


def _contains(field: str, lookup: str, word: str, *, quote: str = "") -> Q:
    """As it stands, and as JSON writes it in a database without a type for it."""
    forms = {word, json.dumps(word)[1:-1]}
    found = Q()
    for form in forms:
        found |= Q(**{f"{field}__{lookup}": f"{quote}{form}{quote}"})
    return found


def _all(conditions: Iterable[Q]) -> Q:
    whole = Q()
    for condition in conditions:
        whole &= condition
    return whole
