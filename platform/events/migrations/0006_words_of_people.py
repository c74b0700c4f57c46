"""Words that begin a name or stand in an address are found at once among hundreds of thousands of
people, on any PostgreSQL server and without an extension (L8). SQLite reads the table.
"""

from django.db import migrations

INDEX = """CREATE INDEX IF NOT EXISTS accounts_user_words ON accounts_user USING gin
(to_tsvector('simple', translate(name || ' ' || email, '@._-+', '     ')))"""


def find_fast(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(INDEX)


def find_slowly(apps, schema_editor):
    schema_editor.execute("DROP INDEX IF EXISTS accounts_user_words")


class Migration(migrations.Migration):
    dependencies = [("events", "0005_second_factor"), ("accounts", "0001_initial")]

    operations = [migrations.RunPython(find_fast, find_slowly)]
