"""The place of slides and posters: a folder for each content, named by its hash."""

import hashlib
import json
import os
import secrets
import shutil
import signal
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext as _

from submissions.programme import confined, rendering
from theme.refusal import Refused

MOST_BYTES = {"poster": 40 * 2**20, "slides": 80 * 2**20}
MOST_PAGES = {"poster": 12, "slides": 400}
MEDIA_TYPES = {b"%PDF": "application/pdf", b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}


@dataclass(frozen=True)
class Sheet:
    """What was kept of a file that was sent."""

    sha256: str
    size: int
    media_type: str
    pages: int


def root() -> Path:
    return Path(settings.MEDIA_ROOT) / "programme"


def place(sha256: str) -> Path:
    return root() / sha256[:2] / sha256


def keep(file: "File[bytes]", *, name: str, kind: str) -> Sheet:
    """Stores the file, and of a poster the drawn pages. Raises Refused; then nothing is left."""
    too_large = Refused(
        _("%(name)s is larger than %(most)d MB; export it with smaller pictures and send it again.")
        % {"name": name, "most": MOST_BYTES[kind] // 2**20},
        code="document.too_large",
    )
    if file.size is not None and file.size > MOST_BYTES[kind]:
        raise too_large
    folder = root() / f"{secrets.token_hex(16)}.part"
    folder.mkdir(parents=True)
    try:
        sha256, size = _write(folder / "original", file.chunks(), MOST_BYTES[kind], too_large)
        if not place(sha256).joinpath(_mark(kind)).exists():
            _render(folder, name, kind)
            _publish(folder, place(sha256))
        with place(sha256).joinpath("original").open("rb") as original:
            head = original.read(16)
        return Sheet(sha256, size, _media_type(head), len(contents(sha256, kind)))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _mark(kind: str) -> str:
    return f"{kind}.json"


def _media_type(head: bytes) -> str:
    found = (kind for start, kind in MEDIA_TYPES.items() if head.startswith(start))
    return next(found, "image/webp" if head[8:12] == b"WEBP" else "application/pdf")


def contents(sha256: str, kind: str = "poster") -> list[dict[str, Any]]:
    """The pages: width, height, and runs of text."""
    told = json.loads(place(sha256).joinpath(_mark(kind)).read_text())
    pages: list[dict[str, Any]] = told["pages"]
    return pages


def _write(target: Path, chunks: Iterable[bytes], most: int, too_large: Refused) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with target.open("xb") as out:
        for chunk in chunks:
            size += len(chunk)
            if size > most:
                raise too_large
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    if size == 0:
        raise Refused(_("The file is empty; send it again."), code="document.empty")
    return digest.hexdigest(), size


def _render(folder: Path, name: str, kind: str) -> None:
    draw = "draw" if kind == "poster" else "count"
    ended = confined.call(
        "submissions.programme.rendering",
        *(str(folder / "original"), str(folder), str(MOST_PAGES[kind]), draw),
        seconds=rendering.SECONDS + 20,
    )
    result = folder / "result.json"
    if ended != 0 or not result.exists():
        slow = ended in (-signal.SIGXCPU, -signal.SIGKILL)
        raise _refused({"code": "document.too_slow" if slow else "document.broken"}, name, kind)
    told = json.loads(result.read_text())
    if "code" in told:
        raise _refused(told, name, kind)
    result.rename(folder / _mark(kind))


def _refused(told: dict[str, Any], name: str, kind: str) -> Refused:
    sentences = {
        "document.broken": _(
            "%(name)s cannot be read: the file is damaged. Export it again and send it again."
        ),
        "document.unknown": _("%(name)s is no PDF, PNG, JPEG or WebP; send one of these."),
        "document.locked": _("%(name)s is locked by a password; send it without one."),
        "document.active": _(
            "%(name)s contains scripts or other files, which are not shown here. Print it to a "
            "plain PDF and send that."
        ),
        "document.too_slow": _(
            "Drawing %(name)s took too long; export it with simpler graphics and send it again."
        ),
        "document.too_many_pixels": _("%(name)s has too many pixels; send a smaller picture."),
        "document.too_many_pages": _(
            "%(name)s has %(pages)s pages; %(most)s are allowed. Send only these."
        ),
    }
    facts = {"name": name, "pages": told.get("pages"), "most": MOST_PAGES[kind]}
    return Refused(sentences[told["code"]] % facts, code=told["code"])


def _publish(folder: Path, target: Path) -> None:
    """Renames the folder into its place; beside what the other kind has left there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        os.replace(folder, target)
        return
    for file in folder.iterdir():
        os.replace(file, target / file.name)
