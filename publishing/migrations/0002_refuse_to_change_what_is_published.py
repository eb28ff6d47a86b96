"""Let the database itself refuse to change or remove what has been published.

SQLite drops a table's triggers when a migration rebuilds it: such a migration has to call `put_up` again.
"""

from django.db import migrations

POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_to_change_what_is_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what is published never changes' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""

POSTGRESQL_TRIGGER = """
CREATE TRIGGER publishing_publication_never_changes BEFORE UPDATE OR DELETE ON publishing_publication
FOR EACH ROW EXECUTE FUNCTION refuse_to_change_what_is_published()
"""

SQLITE_TRIGGER = """
CREATE TRIGGER publishing_publication_{event}_never BEFORE {event} ON publishing_publication FOR EACH ROW
BEGIN SELECT RAISE(ABORT, 'what is published never changes'); END
"""


def put_up(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_FUNCTION)
        schema_editor.execute(POSTGRESQL_TRIGGER)
    else:
        for event in ("UPDATE", "DELETE"):
            schema_editor.execute(SQLITE_TRIGGER.format(event=event))


def take_down(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER publishing_publication_never_changes ON publishing_publication")
        schema_editor.execute("DROP FUNCTION refuse_to_change_what_is_published()")
    else:
        for event in ("UPDATE", "DELETE"):
            schema_editor.execute(f"DROP TRIGGER publishing_publication_{event}_never")


class Migration(migrations.Migration):
    dependencies = [("publishing", "0001_initial")]
    operations = [migrations.RunPython(put_up, take_down)]
