"""The cast: one hackathon under way, and the people in it."""

import os
import subprocess
import sys
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from events import actions as events
from events.models import Event, Phase, Role, Team, Track
from notices.models import Mail
from submissions.entries import actions as entries
from submissions.entries.entry_types import use_default_types
from submissions.entries.models import Submission
from tests import made_once


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What crawls the whole site goes first, so that no process is left with it at the end."""
    items.sort(key=lambda item: item.path.parent != Path(__file__).parent)


@pytest.fixture(scope="session")
def kept(tmp_path_factory) -> Path:
    """A folder that all processes of this run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, kept) -> None:
    """Where several processes run, each copies its database from one."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        name = made_once.template_database(os.environ["DATABASE_URL"], kept)
        connection.settings_dict["TEST"]["TEMPLATE"] = name


@pytest.fixture(scope="session")
def embedded_folder(kept):
    """`embedded_folder(path)` is a PODIUM_VAR whose database has all its tables already."""
    return partial(made_once.embedded_folder, kept=kept)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """A worker that a test has stopped may hold its connection for a moment longer than the run."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(scope="session")
def artefact(tmp_path_factory) -> Path:
    """What one real run of the detector leaves; made once, because torch takes seconds to load."""
    folder = tmp_path_factory.mktemp("scored")
    from tests.anomaly.conftest import small_table

    (folder / "sensors.csv").write_text(small_table())
    command = [sys.executable, "-m", "anomaly.detector", "sensors.csv", "--out", "out"]
    subprocess.run(command, cwd=folder, check=True)
    (folder / "out" / "report.html").unlink()  # the site draws its own
    return folder / "out"


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    """Each test has its own stored files."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def no_rate_limit_of_the_test_before():
    cache.clear()


@pytest.fixture(autouse=True)
def cheap_passwords(settings):
    """The cast signs in often; a real hash takes a quarter of a second each time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def static_files_found_when_asked_for(settings):
    """Otherwise WhiteNoise reads all their folders for each new browser: a tenth of a second."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture
def event(db) -> Event:
    return make_event("summer")


@pytest.fixture
def other_event(db) -> Event:
    return make_event("winter")


def make_event(slug: str) -> Event:
    """A published hackathon with two tracks, all of its phases open now."""
    event = Event.objects.create(
        slug=slug, name=slug.capitalize(), state=Event.State.PUBLISHED, team_size=3
    )
    now = timezone.now()
    for kind in Phase.Kind:
        event.phases.create(
            kind=kind, opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1)
        )
    event.tracks.create(slug="tools", name="Tools", position=1)
    event.tracks.create(slug="web", name="Web", position=2)
    use_default_types(None, event)
    return event


def close_phase(event: Event, kind: str) -> None:
    """As if its deadline, grace included, had passed."""
    past = timezone.now() - timedelta(hours=1)
    event.phases.filter(kind=kind).update(closes_at=past)


@pytest.fixture
def track(event) -> Track:
    return event.tracks.get(slug="tools")


def make_user(name: str) -> User:
    user = User.objects.create_user(f"{name}@example.org", "correct horse", name=name.capitalize())
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def organizer(event) -> User:
    user = make_user("organizer")
    events.grant_role(None, event, to=user, kind=Role.Kind.OWNER)
    return user


@pytest.fixture
def judge(event) -> User:
    user = make_user("judge")
    events.grant_role(None, event, to=user, kind=Role.Kind.JUDGE)
    return user


@pytest.fixture
def stranger(db) -> User:
    return make_user("stranger")


@pytest.fixture
def author(event) -> User:
    user = make_user("author")
    events.register(user, event)
    Mail.objects.all().delete()  # each test sees only what it causes
    return user


@pytest.fixture
def rival(event) -> User:
    """Takes part in the same event, in a team of their own."""
    user = make_user("rival")
    events.register(user, event)
    events.create_team(user, event, name="Rivals")
    Mail.objects.all().delete()
    return user


@pytest.fixture
def team(event, author) -> Team:
    return events.create_team(author, event, name="Authors")


@pytest.fixture
def draft(event, author, team, track) -> Submission:
    return entries.create_draft(
        author,
        event,
        track=track,
        title="Kestrel",
        summary="Finds broken sensors.",
        description="It reads a table and **says** which rows are odd.",
    )


@pytest.fixture
def submission(author, draft) -> Submission:
    entries.submit(author, draft)
    draft.refresh_from_db()
    return draft


@pytest.fixture
def sign_in():
    """`sign_in(user)` is a browser in which that person is signed in; None, a stranger's."""

    def browser(user: User | None) -> Client:
        client = Client()
        if user is not None:
            client.force_login(user)
        return client

    return browser
