import errno

import pytest

from anomaly.datasets import store
from theme.disk import StorageFull


def test_keep_names_a_file_by_its_content():
    stored = store.keep([b"a,b\n", b"1,2\n"], limit=100)
    assert store.place(stored.sha256).read_bytes() == b"a,b\n1,2\n"
    assert stored.size == 8


def test_keep_twice_is_one_file():
    first, second = (store.keep([b"same"], limit=100) for _ in range(2))
    assert first == second
    assert len([path for path in store.root().rglob("*") if path.is_file()]) == 1


def test_keep_too_much_leaves_nothing():
    with pytest.raises(store.TooLarge):
        store.keep([b"12345", b"67890"], limit=9)
    assert not [path for path in store.root().rglob("*") if path.is_file()]


def test_keep_on_a_full_disk_leaves_nothing():
    def chunks():
        yield b"1"
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(StorageFull):
        store.keep(chunks(), limit=100)
    assert not [path for path in store.root().rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("table.csv", "table.csv"),
        ("../../etc/passwd", "passwd"),
        (r"C:\data\table.csv", "table.csv"),
        ("line\nbreak\x00.csv", "linebreak.csv"),
        ("right\u202eto-left.csv", "rightto-left.csv"),
        ("a   b.csv", "a b.csv"),
        ("table 🦅.csv", "table 🦅.csv"),
        ("x" * 300 + ".csv", "x" * 116 + ".csv"),
        ("", "table.csv"),
        ("/", "table.csv"),
    ],
)
def test_name_is_fit_to_be_shown(sent, shown):
    """B26"""
    assert store.clean_name(sent) == shown
