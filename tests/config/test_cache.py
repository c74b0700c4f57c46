import os

import pytest

from config.cache import SharedCache


@pytest.fixture
def cache_at():
    made = []

    def make(server: str) -> SharedCache:
        made.append(SharedCache(server, {}))
        return made[-1]

    yield make
    for shared in made:
        for pool in shared._cache._pools.values():
            pool.disconnect()


def test_counts_are_shared_between_processes_through_redis(cache_at):
    server = os.environ["REDIS_URL"]
    one, other = cache_at(server), cache_at(server)
    one.set("tries", [1.5, 2.5])
    assert other.get("tries") == [1.5, 2.5]
    assert not other.add("tries", True)


@pytest.mark.parametrize("value", [b"=\x00bytes", "text", 7, 1.5, True, None, [1, {"a": "b"}]])
def test_what_is_kept_comes_back_as_it_was(value, cache_at):
    shared = cache_at(os.environ["REDIS_URL"])
    shared.set("kept", value)
    assert (shared.get("kept"), type(shared.get("kept"))) == (value, type(value))


def test_clearing_leaves_the_brokers_queues_alone(cache_at):
    shared = cache_at(os.environ["REDIS_URL"])
    client = shared._cache.get_client(write=True)
    client.lpush("queue-of-the-broker", "look")
    shared.set("tries", 1)
    shared.clear()
    assert (shared.get("tries"), client.llen("queue-of-the-broker")) == (None, 1)
    client.delete("queue-of-the-broker")


def test_each_process_counts_for_itself_while_redis_is_away(cache_at):
    """F17: nobody is locked out, and nobody may guess without limit."""
    alone, other = cache_at("redis://127.0.0.1:1/0"), cache_at("redis://127.0.0.1:1/0")
    assert alone.add("tries", 1)
    assert not alone.add("tries", 1)
    assert (alone.incr("tries"), alone.get("tries")) == (2, 2)
    assert other.get("tries") in (None, 2)
