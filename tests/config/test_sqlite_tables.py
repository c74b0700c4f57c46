"""A table that a migration makes anew on SQLite keeps its triggers, and those that look into it."""

import pytest
from django.conf import settings
from django.db import OperationalError, connections, models
from django.db.backends.sqlite3 import base
from django.db.migrations.operations import AlterField, CreateModel
from django.db.migrations.state import ProjectState
from django.db.utils import IntegrityError

from config.sqlite.base import DatabaseWrapper
from events.composite import SameEvent

KEY = ("id", models.AutoField(primary_key=True))
EVENT = ("event_id", models.IntegerField())
BEFORE = [
    CreateModel("Thing", [KEY, EVENT]),
    CreateModel("Part", [KEY, EVENT, ("thing_id", models.IntegerField())]),
    SameEvent("made_part", "thing_id", "made_thing"),
]
WIDER = models.BigIntegerField()


@pytest.fixture
def database(tmp_path):
    """`database(wrapper)` is an empty one in a file of its own."""

    def make(wrapper):
        told = settings.DATABASES["default"] | {"ENGINE": "", "NAME": tmp_path / "own.sqlite3"}
        connections["own"] = wrapper(told | {"OPTIONS": {}, "TEST": {}}, "own")
        return connections["own"]

    yield make
    connections["own"].close()
    del connections["own"]


def apply(connection, operations, state=None) -> ProjectState:
    state = state or ProjectState()
    connection.disable_constraint_checking()
    with connection.schema_editor(atomic=True) as editor:
        for operation in operations:
            before, state = state, state.clone()
            operation.state_forwards("made", state)
            operation.database_forwards("made", editor, before, state)
    return state


pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("table", ["Thing", "Part"])
def test_table_made_anew_keeps_the_events_apart(database, table):
    connection = database(DatabaseWrapper)
    state = apply(connection, BEFORE)
    apply(connection, [AlterField(table, "event_id", WIDER)], state)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO made_thing (id, event_id) VALUES (1, 1)")
        cursor.execute("INSERT INTO made_part (event_id, thing_id) VALUES (1, 1)")
        with pytest.raises(IntegrityError, match="foreign event"):
            cursor.execute("INSERT INTO made_part (event_id, thing_id) VALUES (2, 1)")


def test_without_that_a_migration_stumbles_over_the_trigger(database):
    """Negative control: SQLite as Django has it."""
    connection = database(base.DatabaseWrapper)
    state = apply(connection, BEFORE)
    with pytest.raises(OperationalError, match="trigger"):
        apply(connection, [AlterField("Thing", "event_id", WIDER)], state)
