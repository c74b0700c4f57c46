"""All that is held about a person: to be handed out, and to be erased.

A room that keeps something about people says how in `AppConfig.ready()`:

    personal_data.register("talks", collect=…, erase=…)

`collect(user)` returns plain data (what JSON knows, and times), or `Held` if there are files, too.
`erase(user)` runs in the transaction of the whole erasure; what others depend on stays there
without the person: as "former participant", which is what the account itself becomes.
"""

import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder

from accounts.models import User


@dataclass(frozen=True)
class Held:
    data: Any
    files: Mapping[str, Path | bytes] = field(default_factory=dict)  # by the name in the archive


@dataclass(frozen=True)
class Part:
    collect: Callable[[User], Any]
    erase: Callable[[User], None]


_parts: dict[str, Part] = {}


def register(name: str, *, collect: Callable[[User], Any], erase: Callable[[User], None]) -> None:
    _parts[name] = Part(collect, erase)


def write_archive(user: User, out: IO[bytes]) -> None:
    """A zip: `data.json` with one entry for each room, and the files in a folder for each room."""
    everything: dict[str, Any] = {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in _parts.items():
            held = part.collect(user)
            if not isinstance(held, Held):
                held = Held(held)
            everything[name] = held.data
            for file, content in held.files.items():
                _add(archive, f"{name}/{file}", content)
        text = json.dumps(everything, cls=_Encoder, indent=2, ensure_ascii=False)
        archive.writestr("data.json", text)


def erase(user: User) -> None:
    """All rooms, the latest first: what refers goes before what is referred to."""
    for part in reversed(_parts.values()):
        part.erase(user)


def _add(archive: zipfile.ZipFile, name: str, content: Path | bytes) -> None:
    if isinstance(content, bytes):
        archive.writestr(name, content)
    elif content.is_file():
        archive.write(content, name)


class _Encoder(DjangoJSONEncoder):
    """Anything without a form of its own in JSON is its text."""

    def default(self, o: Any) -> Any:
        try:
            return super().default(o)
        except TypeError:
            return str(o)
