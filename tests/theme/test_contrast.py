"""The colour tokens hold WCAG 2.2 AA in both modes: 4.5 for text, 3 for what marks a control."""

import re
from pathlib import Path

import pytest

import theme

SHEET = Path(theme.__file__).parent / "static" / "theme" / "podium.css"
TOKEN = re.compile(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
MODES = {"light": 0, "dark": 1}
GROUNDS = ("canvas", "surface")
TEXT = [(ink, ground) for ground in GROUNDS for ink in ("ink", "ink-soft", "link", "bad")] + [
    ("on-ink", "ink"),
    ("on-masthead", "masthead"),
    ("on-accent", "accent"),
    ("ink", "accent-wash"),
    ("ink", "sunken"),
    *((name, f"{name}-wash") for name in ("good", "warn", "bad", "info")),
]
MARKS = [(mark, ground) for ground in GROUNDS for mark in ("line-strong", "data", "flag")]


def tokens(mode: str) -> dict[str, str]:
    return {m[1]: m[2 + MODES[mode]] for m in TOKEN.finditer(SHEET.read_text())}


def luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb" (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("pairs", "least"), [(TEXT, 4.5), (MARKS, 3.0)], ids=["text", "marks of controls"]
)
def test_contrast_of_tokens_is_enough(mode, pairs, least):
    known = tokens(mode)
    weak = {pair: contrast(*(known[name] for name in pair)) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < least} == {}


def test_contrast_knows_weak_from_strong():
    """The negative control."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") < 4.5
