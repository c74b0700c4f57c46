"""Uploads take turns and leave threads for pages (L9)."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.http import HttpResponse

from config.large_bodies import LARGE, LargeBodies

SMALL, BIG, ENDLESS = (
    {"CONTENT_LENGTH": "10"},
    {"CONTENT_LENGTH": str(LARGE)},
    {"HTTP_TRANSFER_ENCODING": "chunked"},
)


class Web:
    """A web process in which a view goes on when it is told to."""

    def __init__(self, rf) -> None:
        self.rf, self.inside, self.go_on = rf, threading.Semaphore(0), threading.Event()
        self.most, self.now, self.lock = 0, 0, threading.Lock()
        self.answer = LargeBodies(self.view)

    def view(self, _request) -> HttpResponse:
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        self.inside.release()
        self.go_on.wait(30)
        with self.lock:
            self.now -= 1
        return HttpResponse("kept")

    def ask(self, **meta: str) -> HttpResponse:
        return self.answer(self.rf.post("/", **meta))


@pytest.fixture
def web(rf, settings) -> Web:
    settings.PODIUM_UPLOADS, settings.PODIUM_UPLOADS_WAITING = 2, 1
    return Web(rf)


@pytest.mark.parametrize("upload", [BIG, ENDLESS])
def test_two_are_read_one_waits_and_the_next_is_told_when_to_come_back(web, upload):
    with ThreadPoolExecutor(8) as pool:
        taken = [pool.submit(web.ask, **upload) for _ in range(3)]
        for _ in range(2):
            assert web.inside.acquire(timeout=10)
        while web.answer.taken._value:
            pass  # until the third has come to its place
        refused = web.ask(**upload)
        page = pool.submit(web.ask, **SMALL)
        assert web.inside.acquire(timeout=10), "a page waits for no upload"
        web.go_on.set()
        assert [one.result(10).status_code for one in [*taken, page]] == [200] * 4
    assert (refused.status_code, refused["Retry-After"]) == (503, "3")
    assert "send the file again" in refused.content.decode()
    assert web.most == 3, "two uploads and the page"


def test_upload_that_fails_gives_its_place_back(rf, settings):
    settings.PODIUM_UPLOADS, settings.PODIUM_UPLOADS_WAITING = 1, 0

    def view(_request):
        raise ValueError("no")

    answer = LargeBodies(view)
    for _ in range(3):
        with pytest.raises(ValueError, match="no"):
            answer(rf.post("/", **BIG))


def test_without_turns_uploads_take_every_thread(rf, settings):
    """Negative control."""
    settings.PODIUM_UPLOADS, settings.PODIUM_UPLOADS_WAITING = 100, 0
    web = Web(rf)
    with ThreadPoolExecutor(4) as pool:
        uploads = [pool.submit(web.ask, **BIG) for _ in range(4)]
        for _ in range(4):
            assert web.inside.acquire(timeout=10)
        page = pool.submit(web.ask, **SMALL)
        assert not web.inside.acquire(timeout=0.3)
        web.go_on.set()
        assert page.result(10).status_code == 200
    assert len(uploads) == 4
