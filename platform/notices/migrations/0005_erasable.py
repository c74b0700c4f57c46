"""The audit trail is append-only with one exception: what an entry tells of a person may be erased.

The fact that it happened stays, and nothing else can be written in its place (I8). On SQLite the
triggers have to be made anew in any case: a new column makes Django build the table again.
"""

from django.db import migrations

KEPT = ("id", "at", "actor_id", "verb", "thing", "thing_id", "event")
POSTGRESQL = f"""
    CREATE OR REPLACE FUNCTION notices_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND NEW.details = '{{"erased": true}}'::jsonb AND NEW.origin = ''
            AND ({", ".join(f"NEW.{name}" for name in KEPT)})
            IS NOT DISTINCT FROM ({", ".join(f"OLD.{name}" for name in KEPT)})
        THEN RETURN NEW; END IF;
        RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'restrict_violation';
    END $$
"""
SQLITE = [
    "DROP TRIGGER IF EXISTS audit_refuses_update",
    "DROP TRIGGER IF EXISTS audit_refuses_delete",
    f"""
    CREATE TRIGGER audit_refuses_update BEFORE UPDATE ON notices_auditentry
    WHEN NOT (
        json(NEW.details) = json('{{"erased": true}}') AND NEW.origin = ''
        AND {" AND ".join(f"NEW.{name} IS OLD.{name}" for name in KEPT)}
    )
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END
    """,
    """
    CREATE TRIGGER audit_refuses_delete BEFORE DELETE ON notices_auditentry
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END
    """,
]


def install(apps, editor):
    for statement in {"postgresql": [POSTGRESQL], "sqlite": SQLITE}[editor.connection.vendor]:
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("notices", "0004_campaigns")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
