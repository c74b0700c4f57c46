"""How an event looks: its colours can be read, its logo is a picture that we drew ourselves."""

from __future__ import annotations

import io
import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image

LOGO_BYTES = 4 * 2**20
LOGO_PIXELS = 40_000_000
LOGO_SIDE = 512
HEX = re.compile(r"#[0-9a-fA-F]{6}\Z")


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, between 0 and 1 (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float | None:
    """Contrast ratio from 1 to 21 (WCAG 2.2); None if one of them is no colour."""
    if not (HEX.match(one) and HEX.match(other)):
        return None
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def read_picture(file: UploadedFile[Any]) -> ContentFile[bytes]:
    """The picture as a PNG of our own: nothing of the file but its pixels is kept (B50, B51).

    Raises ValidationError for what is no picture, or too large a one.
    """
    if (file.size or 0) > LOGO_BYTES:
        raise ValidationError(_("Choose a picture of at most 4 MB."), code="image.too_large")
    try:
        with Image.open(file, formats=("PNG", "JPEG", "WEBP")) as picture:
            if picture.width * picture.height > LOGO_PIXELS:
                raise ValidationError(
                    _("This picture has too many pixels."), code="image.too_many_pixels"
                )
            small = picture.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise ValidationError(
            _("Choose a PNG, JPEG or WebP picture; this file is none."), code="image.unreadable"
        ) from None
    small.thumbnail((LOGO_SIDE, LOGO_SIDE))
    out = io.BytesIO()
    small.save(out, "PNG", optimize=True)
    return ContentFile(out.getvalue(), "logo.png")
