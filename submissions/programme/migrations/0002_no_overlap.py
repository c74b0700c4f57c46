"""No two slots of a version overlap in a room, and the database itself says so.

PostgreSQL has exclusion constraints; ranges of one number make them need no extension. SQLite has
triggers. (A later migration that rebuilds the table on SQLite must install them again.)
"""

from django.db import migrations

POSTGRESQL = [
    """
    ALTER TABLE programme_slot ADD CONSTRAINT room_taken_once EXCLUDE USING gist (
        int8range(version_id, version_id, '[]') WITH &&,
        int8range(room_id, room_id, '[]') WITH &&,
        tstzrange(starts_at, ends_at) WITH &&
    ) WHERE (room_id IS NOT NULL)
    """
]
SQLITE = [
    f"""
    CREATE TRIGGER room_taken_once_{change.lower()} BEFORE {change} ON programme_slot
    WHEN NEW.room_id IS NOT NULL AND EXISTS (
        SELECT 1 FROM programme_slot other
        WHERE other.version_id = NEW.version_id AND other.room_id = NEW.room_id
        AND other.id IS NOT NEW.id
        AND other.starts_at < NEW.ends_at AND other.ends_at > NEW.starts_at
    ) BEGIN SELECT RAISE(ABORT, 'room_taken_once'); END
    """
    for change in ("INSERT", "UPDATE")
]
UNDO = {
    "postgresql": ["ALTER TABLE programme_slot DROP CONSTRAINT room_taken_once"],
    "sqlite": ["DROP TRIGGER room_taken_once_insert", "DROP TRIGGER room_taken_once_update"],
}


def install(apps, editor):
    for statement in {"postgresql": POSTGRESQL, "sqlite": SQLITE}[editor.connection.vendor]:
        editor.execute(statement, params=None)


def remove(apps, editor):
    for statement in UNDO[editor.connection.vendor]:
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("programme", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
