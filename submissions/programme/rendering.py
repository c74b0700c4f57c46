"""What is on the pages of a PDF or a picture, found out in a child process that runs nothing of it.

The child, `python -m submissions.programme.rendering FILE FOLDER MOST_PAGES DRAW`, writes
`result.json` into the folder: {"pages": [{"width", "height", "runs": [[x, y, w, h, text], …]}, …]}
in pixels of `page-1.webp`, …; or {"code": …, "pages": n} for a file that is not used. PDFium draws;
this build of it knows no JavaScript.
"""

import json
import sys
from pathlib import Path
from typing import Any

from submissions.programme import confined

LONGEST_SIDE = 2400  # pixels of a drawn page: an A0 poster is read at twice a laptop's width
MOST_PIXELS = 60_000_000  # of a picture that is sent
MOST_RUNS = 4000  # of text on a page
MEMORY, SECONDS, WRITTEN = 3 * 2**30, 40.0, 48 * 2**20
ACTIVE = ("/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/RichMedia", "/XFA")

Result = dict[str, Any]


def main(path: Path, folder: Path, most_pages: int, draw: bool) -> Result:
    with path.open("rb") as file:
        head = file.read(1024)
    if b"%PDF-" in head:
        return _document(path, folder, most_pages, draw)
    return _picture(path, folder)


def _document(path: Path, folder: Path, most_pages: int, draw: bool) -> Result:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        locked = "assword" in str(error)
        return {"code": "document.locked" if locked else "document.broken"}
    count = len(document)
    if count == 0:
        return {"code": "document.broken"}
    if count > most_pages:
        return {"code": "document.too_many_pages", "pages": count}
    if _is_active(path):
        return {"code": "document.active"}
    if not draw:
        return {"pages": [{} for _page in range(count)]}
    return {"pages": [_draw(document[i], folder / f"page-{i + 1}.webp") for i in range(count)]}


def _draw(page: Any, target: Path) -> Result:
    """One page as a picture, and its text with its places."""
    width, height = page.get_size()
    scale = LONGEST_SIDE / max(width, height, 1.0)
    picture = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    picture.save(target, "WEBP", quality=86, method=3)
    text = page.get_textpage()
    runs = []
    for i in range(min(text.count_rects(), MOST_RUNS)):
        left, bottom, right, top = text.get_rect(i)
        words = " ".join(text.get_text_bounded(left, bottom, right, top).split())
        if words:
            box = (left, height - top, right - left, top - bottom)
            runs.append([*(round(value * scale, 1) for value in box), words[:500]])
    return {"width": picture.width, "height": picture.height, "runs": runs}


def _is_active(path: Path) -> bool:
    """Does any object of the file act, or carry another file? A damaged one is asked as far as
    it can be read; what PDFium draws of it runs nothing either way."""
    import pypdf
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

    reader = pypdf.PdfReader(path, strict=False)
    for number in range(1, len(reader.xref.get(0, {})) + len(reader.xref_objStm) + 2):
        try:
            found = reader.get_object(IndirectObject(number, 0, reader))
        except Exception:  # noqa: S112 - an object that cannot be read cannot act
            continue
        waiting = [found]
        while waiting:
            one = waiting.pop()
            if isinstance(one, DictionaryObject):
                if any(key in one for key in ACTIVE) or one.get("/S") in ACTIVE:
                    return True
                waiting += [
                    v for v in one.values() if isinstance(v, DictionaryObject | ArrayObject)
                ]
            elif isinstance(one, ArrayObject):
                waiting += [v for v in one if isinstance(v, DictionaryObject | ArrayObject)]
    return False


def _picture(path: Path, folder: Path) -> Result:
    from PIL import Image, ImageOps, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with Image.open(path, formats=["PNG", "JPEG", "WEBP"]) as sent:
            if sent.width * sent.height > MOST_PIXELS:
                return {"code": "document.too_many_pixels"}
            upright = ImageOps.exif_transpose(sent).convert("RGB")
    except UnidentifiedImageError:
        return {"code": "document.unknown"}
    except (OSError, ValueError, Image.DecompressionBombError):
        return {"code": "document.broken"}
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright.save(folder / "page-1.webp", "WEBP", quality=86, method=3)
    return {"pages": [{"width": upright.width, "height": upright.height, "runs": []}]}


if __name__ == "__main__":
    confined.limit(memory=MEMORY, seconds=SECONDS, written=WRITTEN)
    source, target, most, drawn = sys.argv[1:5]
    outcome = main(Path(source), Path(target), int(most), drawn == "draw")
    (Path(target) / "result.json").write_text(json.dumps(outcome))
