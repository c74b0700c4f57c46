"""Any part of a name or an address is found at once among hundreds of thousands of people (L8).

PostgreSQL gets a trigram index; where its extension may not be made, and on SQLite, the search reads
the table, which is right and slower.
"""

from django.db import DatabaseError, migrations, transaction

INDEX = """CREATE INDEX IF NOT EXISTS accounts_user_known_as ON accounts_user
USING gin (LOWER(name || ' ' || email) gin_trgm_ops)"""


def find_fast(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(using=schema_editor.connection.alias):
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            schema_editor.execute(INDEX)
    except DatabaseError:
        pass


def find_slowly(apps, schema_editor):
    schema_editor.execute("DROP INDEX IF EXISTS accounts_user_known_as")


class Migration(migrations.Migration):
    dependencies = [("events", "0003_same_event"), ("accounts", "0001_initial")]

    operations = [migrations.RunPython(find_fast, find_slowly)]
