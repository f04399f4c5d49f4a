"""Migration operations shared by the apps."""

from django.db.migrations import RunSQL


def insert_only(table: str) -> RunSQL:
    """A trigger that refuses UPDATE and DELETE on `table`."""
    return RunSQL(
        f"CREATE TRIGGER {table}_insert_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change();",
        f"DROP TRIGGER {table}_insert_only ON {table};",
    )
