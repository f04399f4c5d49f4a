"""Migration operations shared by the apps."""

from collections.abc import Iterable

from django.db.migrations import RunSQL


def insert_only(table: str) -> RunSQL:
    """A trigger that refuses UPDATE and DELETE on `table`."""
    return RunSQL(
        f"CREATE TRIGGER {table}_insert_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change();",
        f"DROP TRIGGER {table}_insert_only ON {table};",
    )


def insert_only_but(table: str, function: str) -> RunSQL:
    """The trigger of `insert_only` gives way to a function that says what alone may change."""
    when = f"CREATE TRIGGER {table}_insert_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION"
    drop = f"DROP TRIGGER {table}_insert_only ON {table};"
    return RunSQL(f"{drop} {when} {function}();", f"{drop} {when} refuse_change();")


def kept_when(table: str, condition: str, *, but: Iterable[str] = (), name: str = "kept") -> RunSQL:
    """A trigger: where `condition` (SQL over OLD) holds, nobody deletes a row nor changes its columns except `but`."""
    columns = ", ".join(f"'{column}'" for column in but)
    return RunSQL(
        f"CREATE TRIGGER {table}_{name} BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION refuse_change_but({columns});",
        f"DROP TRIGGER {table}_{name} ON {table};",
    )
