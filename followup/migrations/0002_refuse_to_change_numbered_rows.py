"""Let the database itself refuse to change a row that has been written.

Writing the same values again is let through, so that a fixture can be loaded twice. SQLite drops a table's
triggers when a migration rebuilds it: such a migration has to call `put_up` again, and a test tries.
"""

from django.db import migrations

MODELS = ("StatusReport", "Outcome")

POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_to_change_numbered_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'numbered rows are added, never changed' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""

POSTGRESQL_TRIGGER = """
CREATE TRIGGER {table}_never_changes BEFORE UPDATE ON {table} FOR EACH ROW
WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION refuse_to_change_numbered_row()
"""

SQLITE_TRIGGER = """
CREATE TRIGGER {table}_never_changes BEFORE UPDATE ON {table} FOR EACH ROW
WHEN {any_column_differs}
BEGIN SELECT RAISE(ABORT, 'numbered rows are added, never changed'); END
"""


def put_up(apps, schema_editor, models=MODELS):
    postgresql = schema_editor.connection.vendor == "postgresql"
    if postgresql:
        schema_editor.execute(POSTGRESQL_FUNCTION)
    for name in models:
        options = apps.get_model("followup", name)._meta
        differs = " OR ".join(
            f"OLD.{field.column} IS NOT NEW.{field.column}" for field in options.concrete_fields
        )
        template = POSTGRESQL_TRIGGER if postgresql else SQLITE_TRIGGER
        schema_editor.execute(template.format(table=options.db_table, any_column_differs=differs))


def take_down(apps, schema_editor, models=MODELS):
    postgresql = schema_editor.connection.vendor == "postgresql"
    for name in models:
        table = apps.get_model("followup", name)._meta.db_table
        schema_editor.execute(f"DROP TRIGGER {table}_never_changes" + (f" ON {table}" if postgresql else ""))
    if postgresql and models == MODELS:
        schema_editor.execute("DROP FUNCTION refuse_to_change_numbered_row()")


class Migration(migrations.Migration):
    dependencies = [("followup", "0001_initial")]
    operations = [migrations.RunPython(put_up, take_down)]
