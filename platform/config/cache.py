"""What is counted for a while (rate limits), shared by all web processes through Redis.

While Redis is away or full, each process counts for itself: people can still sign in, and still
not without limit (F17).
"""

import json
import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

AWAY_SECONDS = 5  # so long Redis is not asked again; each question can take half a second

logger = logging.getLogger(__name__)


class Json:
    """What is kept, as JSON or as bytes: nothing that is read back can run (Django's own way would
    be pickle)."""

    BYTES = b"="  # no JSON begins so

    def dumps(self, value: Any) -> bytes | int:
        if isinstance(value, bytes):
            return self.BYTES + value
        return value if type(value) is int else json.dumps(value).encode()

    def loads(self, data: bytes) -> Any:
        return data[1:] if data.startswith(self.BYTES) else json.loads(data)


class SharedCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        params.setdefault("KEY_PREFIX", "podium")  # the broker lives in the same database
        wait = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}
        params["OPTIONS"] = {"serializer": Json(), **wait, **params.get("OPTIONS", {})}
        super().__init__(server, params)
        self._own = LocMemCache("while-redis-is-away", {})
        self._away_until = 0.0

    def _ask(self, name: str, ask: Callable[..., Any], *args: Any, **options: Any) -> Any:
        if time.monotonic() >= self._away_until:
            try:
                return ask(*args, **options)
            except RedisError as error:
                self._away_until = time.monotonic() + AWAY_SECONDS
                logger.warning("Redis keeps no counts, each process does for itself: %s", error)
        return getattr(self._own, name)(*args, **options)

    def clear(self) -> None:
        """Only what is ours; the broker's queues are not."""
        self._own.clear()
        client = self._cache.get_client(write=True)
        for key in client.scan_iter(match=f"{self.key_prefix}:*", count=1000):
            client.delete(key)


def _failing_open(name: str) -> Callable[..., Any]:
    asked = getattr(RedisCache, name)

    def method(self: SharedCache, *args: Any, **options: Any) -> Any:
        return self._ask(name, asked.__get__(self), *args, **options)

    return method


for _name in ("add", "get", "set", "touch", "delete", "has_key", "incr"):
    setattr(SharedCache, _name, _failing_open(_name))
for _name in ("get_many", "set_many", "delete_many"):
    setattr(SharedCache, _name, _failing_open(_name))
