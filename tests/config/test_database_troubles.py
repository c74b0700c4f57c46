"""What the database does to a request, and what the person sees of it (I10: never a 500)."""

import threading
from types import SimpleNamespace

import psycopg2
import pytest
from django.db import OperationalError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from psycopg2.errors import DeadlockDetected

from accounts.models import User
from config import views
from config.middleware import TRIES, TriedAgain
from tests.conftest import make_user
from theme.refusal import Refused

pytestmark = pytest.mark.django_db(transaction=True)
again = TriedAgain(lambda _request: HttpResponse())


class Deadlock(DeadlockDetected):
    pgcode = "40P01"


def collision() -> OperationalError:
    error = OperationalError("deadlock detected")
    error.__cause__ = Deadlock()
    return error


def ask(rf, outcomes: list, first: Exception) -> HttpResponse | None:
    """What the middleware makes of a view that raised `first`; `outcomes` are of its next runs."""

    def view(_request) -> HttpResponse:
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return HttpResponse(outcome)

    request = rf.get("/")
    request.resolver_match = SimpleNamespace(func=view, args=(), kwargs={})
    return again.process_exception(request, first)


def test_f20_view_that_collided_runs_again(rf):
    assert ask(rf, [collision(), "done"], collision()).content == b"done"


def test_f20_view_that_collides_for_ever_is_given_up(rf):
    outcomes = [collision() for _ in range(9)]
    with pytest.raises(OperationalError):
        ask(rf, outcomes, collision())
    assert len(outcomes) == 9 - (TRIES - 1)


@pytest.mark.parametrize("trouble", [OperationalError("away"), Refused("No.", code="x")])
def test_f20_other_trouble_is_not_tried_again(rf, trouble):
    assert ask(rf, [], trouble) is None


def test_f20_refusal_at_the_second_run_is_told_as_one(sign_in, organizer, monkeypatch):
    """Through all of the site: the first run collides, the second has something to say."""
    outcomes = [collision(), Refused("Too late.", code="deadline.passed")]

    def rerun_all(*_arguments) -> None:
        raise outcomes.pop(0)

    monkeypatch.setattr("anomaly.jobs.actions.rerun_all", rerun_all)
    answer = sign_in(organizer).post(reverse("jobs:rerun_all", args=["summer"]))
    assert (answer.status_code, "Too late." in answer.content.decode()) == (409, True)


@pytest.mark.parametrize("guarded", [True, False])
def test_f20_real_deadlock_ends_well_and_without_the_guard_it_does_not(rf, guarded):
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

        asked = rf.get("/")
        asked.resolver_match = SimpleNamespace(func=view, args=(), kwargs={})
        try:
            try:
                ended[name] = view(asked).content
            except OperationalError as error:
                answer = again.process_exception(asked, error) if guarded else None
                ended[name] = answer.content if answer else b"deadlock"
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


@pytest.fixture
def crowded(transactional_db, monkeypatch):
    """The site connects as a role that may do so once, and somebody else has done so."""
    with connection.cursor() as cursor:
        cursor.execute("DROP ROLE IF EXISTS crowded")
        cursor.execute("CREATE ROLE crowded LOGIN CONNECTION LIMIT 1")
    parameters = connection.get_connection_params() | {"user": "crowded"}
    held = psycopg2.connect(**parameters)
    connection.close()
    with monkeypatch.context() as there:
        there.setitem(connection.settings_dict, "USER", "crowded")
        yield
        connection.close()
    held.close()
    with connection.cursor() as cursor:
        cursor.execute("DROP ROLE crowded")


def test_f21_page_without_a_free_connection_says_when_to_come_back(crowded):
    """All connections are taken, for real: PostgreSQL refuses one more."""
    browser = Client(raise_request_exception=False)
    answer = browser.get("/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert browser.get("/healthz").status_code == 503


def test_f21_with_a_free_connection_the_page_is_there(transactional_db):
    """Negative control."""
    connection.close()
    assert Client().get("/").status_code == 200
