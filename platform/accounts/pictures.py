"""A person's picture: whatever was uploaded, what is kept is a small square of our own making."""

import io
import uuid
import warnings
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from theme.refusal import Refused

PIXELS = 40_000_000  # B51: more is refused before anything is decoded
BYTES = 10 * 2**20
SIDE = 256
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")  # raster only: an SVG can carry scripts (B50)


def path(name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "pictures" / f"{name}.webp"


def keep(upload: "UploadedFile[bytes]") -> str:
    """Encodes the first frame anew, without its metadata, and returns the name it is kept under."""
    content = encode(upload)
    name = uuid.uuid4().hex
    place = path(name)
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_suffix(".part")
    part.write_bytes(content)
    part.rename(place)
    return name


def remove(name: str) -> None:
    if name:
        path(name).unlink(missing_ok=True)


def encode(upload: "UploadedFile[bytes]") -> bytes:
    if (upload.size or 0) > BYTES:
        raise Refused(_("A picture may have 10 MB at most."), code="image.too_large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # we count ourselves
            image: Image.Image = Image.open(upload, formats=FORMATS)
            if image.width * image.height > PIXELS:
                sentence = _("That picture has more than 40 million pixels. Make it smaller.")
                raise Refused(sentence, code="image.too_many_pixels")
            return _small_square(image)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        sentence = _("That is no picture we can read. Upload a PNG, JPEG, WebP or GIF file.")
        raise Refused(sentence, code="image.unreadable") from error


def _small_square(image: Image.Image) -> bytes:
    image.draft("RGB", (SIDE * 2, SIDE * 2))  # a large JPEG is decoded small
    upright = ImageOps.exif_transpose(image)
    square = ImageOps.fit(upright.convert("RGBA"), (SIDE, SIDE))
    out = io.BytesIO()
    square.save(out, "WEBP", quality=85)  # no EXIF: nothing of the original's is passed on
    return out.getvalue()
