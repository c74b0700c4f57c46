"""A row of one event never points at a row of another (I9): the database holds it.

In a migration, after the tables stand:

    operations = [SameEvent("events_membership", "team_id", "events_team")]

PostgreSQL gets a composite foreign key `(event_id, team_id) -> (event_id, id)`, checked at the end
of the transaction as Django's own are; SQLite, which cannot add one to a table, gets two triggers.
"""

from typing import Any

from django.db.migrations.operations.base import Operation


class SameEvent(Operation):
    """`table`.`column` points at `target`.id of the same event; both tables have an event_id."""

    reversible = True

    def __init__(self, table: str, column: str, target: str) -> None:
        self.table, self.column, self.target = table, column, target

    def deconstruct(self) -> Any:
        return type(self).__name__, [self.table, self.column, self.target], {}

    @property
    def name(self) -> str:
        return f"{self.table}_{self.column}_same_event"

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Django's idea of the models stays as it is."""

    def database_forwards(self, app_label: str, schema_editor: Any, *states: Any) -> None:
        postgres = schema_editor.connection.vendor == "postgresql"
        for sql in self._key() if postgres else self._triggers():
            schema_editor.execute(sql)

    def database_backwards(self, app_label: str, schema_editor: Any, *states: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"ALTER TABLE {self.table} DROP CONSTRAINT {self.name}")
            return
        for when in ("insert", "update"):
            schema_editor.execute(f"DROP TRIGGER {self.name}_{when}")

    def _key(self) -> list[str]:
        unique = f"{self.target}_event_and_id"
        return [
            f"CREATE UNIQUE INDEX IF NOT EXISTS {unique} ON {self.target} (event_id, id)",
            f"ALTER TABLE {self.table} ADD CONSTRAINT {self.name}"
            f" FOREIGN KEY (event_id, {self.column}) REFERENCES {self.target} (event_id, id)"
            " DEFERRABLE INITIALLY DEFERRED",
        ]

    def _triggers(self) -> list[str]:
        foreign = (
            f"NEW.{self.column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {self.target}"  # noqa: S608
            f" WHERE id = NEW.{self.column} AND event_id = NEW.event_id)"
        )
        return [
            f"CREATE TRIGGER {self.name}_{when} BEFORE {when.upper()} ON {self.table}"
            f" WHEN {foreign} BEGIN SELECT RAISE(ABORT, 'foreign event: {self.name}'); END"
            for when in ("insert", "update")
        ]

    def describe(self) -> str:
        return f"{self.table}.{self.column} points into the same event"
