"""What the database does to a request, and what the person sees of it (I10: never a 500)."""

import threading

import pytest
from django.db import OperationalError, connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from psycopg2.errors import DeadlockDetected

from accounts.models import User
from config import views
from config.middleware import TRIES, TriedAgain
from tests.conftest import make_user


def colliding(times: int, tried: list[int]):
    """A view that the database ends so many times."""

    def view(_request) -> HttpResponse:
        tried.append(1)
        if len(tried) <= times:
            raise OperationalError from DeadlockDetected()
        return HttpResponse("done")

    return view


@pytest.fixture
def again(monkeypatch) -> TriedAgain:
    monkeypatch.setattr("config.middleware.time.sleep", lambda _seconds: None)
    monkeypatch.setattr("config.middleware.is_collision", lambda error: bool(error.__cause__))
    return TriedAgain(lambda _request: HttpResponse())


def test_f20_view_that_collided_runs_again(again, transactional_db):
    tried: list[int] = []
    answer = again.process_view(RequestFactory().post("/"), colliding(2, tried), (), {})
    assert (answer.content, len(tried)) == (b"done", 3)


def test_f20_view_that_collides_for_ever_is_given_up(again, transactional_db):
    tried: list[int] = []
    with pytest.raises(OperationalError):
        again.process_view(RequestFactory().post("/"), colliding(99, tried), (), {})
    assert len(tried) == TRIES


def test_f20_other_trouble_is_not_tried_again(again, transactional_db):
    tried: list[int] = []

    def view(_request) -> HttpResponse:
        tried.append(1)
        raise OperationalError("away")

    with pytest.raises(OperationalError):
        again.process_view(RequestFactory().post("/"), view, (), {})
    assert len(tried) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guarded", [True, False])
def test_f20_real_deadlock_ends_well_and_without_the_guard_it_does_not(guarded):
    """Two requests lock two rows in opposite order; the second case is the negative control."""
    people = [make_user("one"), make_user("two")]
    gate, ended = threading.Barrier(2), {}

    def request(name: str, order: list[User]) -> None:
        first = True

        def view(_request) -> HttpResponse:
            nonlocal first
            with transaction.atomic():
                User.objects.select_for_update().get(pk=order[0].pk)
                if first:
                    first = False
                    gate.wait(20)
                User.objects.select_for_update().get(pk=order[1].pk)
            return HttpResponse("done")

        try:
            run = TriedAgain(view).process_view if guarded else None
            answer = run(None, view, (), {}) if run else view(None)
            ended[name] = answer.content
        except OperationalError:
            ended[name] = b"deadlock"
        finally:
            connection.close()

    orders = {"ab": people, "ba": people[::-1]}
    threads = [threading.Thread(target=request, args=(n, o)) for n, o in orders.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(ended.values()) == ([b"done"] * 2 if guarded else [b"deadlock", b"done"])


def test_f21_connection_that_is_refused_is_a_503_that_says_when_to_come_back(rf):
    """The slots are used up: psycopg2 raises OperationalError while it connects."""
    try:
        raise OperationalError("FATAL: sorry, too many clients already")
    except OperationalError:
        answer = views.server_error(rf.get("/"))
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
