"""The audit trail is append-only, and the database itself says so (I8)."""

from django.db import migrations

POSTGRESQL = [
    """
    CREATE FUNCTION notices_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'restrict_violation'; END $$
    """,
    """
    CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON notices_auditentry
    FOR EACH ROW EXECUTE FUNCTION notices_refuse_change()
    """,
]
SQLITE = [
    f"""
    CREATE TRIGGER audit_refuses_{change.lower()} BEFORE {change} ON notices_auditentry
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END
    """
    for change in ("UPDATE", "DELETE")
]
UNDO = {
    "postgresql": [
        "DROP TRIGGER audit_is_append_only ON notices_auditentry",
        "DROP FUNCTION notices_refuse_change()",
    ],
    "sqlite": ["DROP TRIGGER audit_refuses_update", "DROP TRIGGER audit_refuses_delete"],
}


def install(apps, editor):
    for statement in {"postgresql": POSTGRESQL, "sqlite": SQLITE}[editor.connection.vendor]:
        editor.execute(statement, params=None)


def remove(apps, editor):
    for statement in UNDO[editor.connection.vendor]:
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
