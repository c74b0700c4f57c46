import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client

NOTHING = {"waiting": 0, "running": 0, "oldest_waiting_seconds": None, "ended_last_hour": 0}


def test_healthz_tells_database_broker_workers_and_wait(client, db):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {
        "database": "ok",
        "broker": "ok",
        "workers": 0,
        "waiting": 0,
        "oldest_waiting_seconds": None,
        "queues": {"gpu": NOTHING, "cpu": NOTHING},
        "alarms": 1,  # no worker
    }


def test_healthz_without_a_broker_is_still_up(client, db, settings):
    """A silent bell delays jobs by seconds and loses none."""
    from config.celery import app

    kept = app.conf.broker_write_url
    app.conf.broker_write_url = "redis://127.0.0.1:1/0"
    try:
        answer = client.get("/healthz")
    finally:
        app.conf.broker_write_url = kept
    assert (answer.status_code, answer.json()["broker"]) == (200, "away")


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_healthz_without_a_database_says_so(db, monkeypatch, error):
    def away(*_arguments, **_options):
        raise error("gone")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "ensure_connection", away)
        answer = Client().get("/healthz")
    assert (answer.status_code, answer.json()["database"]) == (503, "away")


@pytest.mark.parametrize("path", ["/nothing-here/", "/events/nothing/", "/events/nothing/team/"])
def test_unknown_page_is_a_kind_404(sign_in, author, path):
    answer = sign_in(author).get(path)
    assert answer.status_code == 404
    assert b"Podium" in answer.content
