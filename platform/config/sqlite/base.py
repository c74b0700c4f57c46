"""Many changes of a table are, on SQLite, a new table that takes the old one's name. Triggers of
the old one go with it unseen, and those of other tables that look into it keep the new one from its
name. So all of them step aside while that happens, in the same transaction.
"""

from typing import Any

from django.db.backends.sqlite3 import base, schema


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    def _remake_table(self, *told: Any, **options: Any) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = dict(cursor.fetchall())
        for name in triggers:
            self.execute(f"DROP TRIGGER {self.quote_name(name)}")
        super()._remake_table(*told, **options)  # type: ignore[misc]
        for sql in triggers.values():
            self.execute(sql)


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = DatabaseSchemaEditor
