"""Fonts for what is printed and drawn."""

import os
from pathlib import Path

from django.conf import settings

# Names are written in every script, so a font of the machine is used: PODIUM_FONTS lists files.
USUAL_FONTS = (
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/System/Library/Fonts/Supplemental/Arial Unicode.ttf",
)


def fonts() -> list[Path]:
    named = settings.PODIUM_FONTS or USUAL_FONTS
    return [Path(name) for name in named if os.path.exists(name)]
