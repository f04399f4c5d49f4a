"""The schema of a rehearsal: the tables of the portal copied empty, with their constraints, indexes and triggers.

Read from the catalogue of PostgreSQL, so that a copy refuses what the original refuses. No key joins a copy to a table
of the portal: making or dropping a copy takes no lock that a reader would feel.
"""

from datetime import timedelta
from uuid import UUID

from django.apps import apps
from django.db import connection

from portal.core.spaces import OFFSET

# Read in place, never written by the procedure: territories, and what Django keeps about itself. And ours: the
# rehearsals of the portal are no part of what is rehearsed.
SHARED_APPS = ("territories", "maps", "contenttypes", "auth", "rehearsals")
SHARED_TABLES = frozenset({"django_migrations"})
# How long whoever erases waits for those who are inside.
PATIENCE = "10s"

TABLES = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') ORDER BY relname
"""
CONSTRAINTS = """
SELECT t.relname, c.conname, pg_get_constraintdef(c.oid), coalesce(f.relname, '')
FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid LEFT JOIN pg_class f ON f.oid = c.confrelid
WHERE c.connamespace = 'public'::regnamespace AND c.contype IN ('p', 'u', 'x', 'f')
ORDER BY c.contype = 'f', t.relname, c.conname
"""
INDEXES = """
SELECT t.relname, pg_get_indexdef(i.indexrelid)
FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
WHERE t.relnamespace = 'public'::regnamespace
AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x'))
"""
TRIGGERS = """
SELECT t.relname, pg_get_triggerdef(g.oid)
FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid
WHERE t.relnamespace = 'public'::regnamespace AND NOT g.tgisinternal
"""
# What only a rehearsal has: its clock, and mails that are shown and that no worker may ever take.
OWN = """
CREATE TABLE {schema}.rehearsal_clock (shift interval NOT NULL);
INSERT INTO {schema}.rehearsal_clock VALUES (%s);
CREATE FUNCTION {schema}.portal_clock_offset() RETURNS interval LANGUAGE sql STABLE AS $$
  SELECT coalesce(nullif(current_setting('{offset}', true), '')::interval, (SELECT shift FROM {schema}.rehearsal_clock))
$$;
CREATE FUNCTION {schema}.show_mail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.state := 'shown';
  RETURN NEW;
END $$;
CREATE TRIGGER mail_is_shown BEFORE INSERT ON {schema}.core_outboundemail
  FOR EACH ROW EXECUTE FUNCTION {schema}.show_mail();
ALTER TABLE {schema}.core_outboundemail ADD CONSTRAINT mail_never_leaves
  CHECK (state = 'shown' AND claimed_at IS NULL AND sent_at IS NULL);
"""


def shared_tables() -> frozenset[str]:
    """The tables that a rehearsal reads in place."""
    models = [
        model for label in SHARED_APPS for model in apps.get_app_config(label).get_models(include_auto_created=True)
    ]
    return SHARED_TABLES | {model._meta.db_table for model in models}


def copied_tables() -> list[str]:
    """The tables that every rehearsal has of its own."""
    return [name for (name,) in rows(TABLES) if name not in shared_tables()]


def rows(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def structure() -> int:
    """The last migration: a copy made before another one no longer resembles the portal."""
    return rows("SELECT coalesce(max(id), 0) FROM django_migrations")[0][0]


def create_schema(schema: str, shift: timedelta) -> None:
    """Copy the tables, empty, with a clock shifted by `shift`."""
    copied = frozenset(copied_tables())
    statements = [
        f"CREATE SCHEMA {schema}",
        *(table_statement(schema, name) for name in sorted(copied)),
        *constraint_statements(schema, copied),
        *(moved(sql, schema) for table, sql in rows(INDEXES) + rows(TRIGGERS) if table in copied),
    ]
    with connection.cursor() as cursor:
        cursor.execute(";\n".join(statements))
        cursor.execute(OWN.format(schema=schema, offset=OFFSET), [shift])


def table_statement(schema: str, name: str) -> str:
    """Columns, defaults, identity and checks; indexes come apart, to keep their names."""
    return f"CREATE TABLE {schema}.{name} (LIKE public.{name} INCLUDING ALL EXCLUDING INDEXES)"


def constraint_statements(schema: str, copied: frozenset[str]) -> list[str]:
    """Keys first, then what refers to them; a reference to a table read in place is left out."""
    found = []
    for table, name, definition, target in rows(CONSTRAINTS):
        if table not in copied or (target and target not in copied):
            continue
        if target:
            definition = definition.replace(f"REFERENCES {target}(", f"REFERENCES {schema}.{target}(")
        found.append(f'ALTER TABLE {schema}.{table} ADD CONSTRAINT "{name}" {definition}')
    return found


def moved(sql: str, schema: str) -> str:
    """The definition of an index or a trigger, on the copy."""
    return sql.replace(" ON public.", f" ON {schema}.", 1)


def continue_numbers(table: str) -> None:
    """The numbers of a table of the present space go on after those of the rows copied into it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
        sequence = cursor.fetchone()[0]
        cursor.execute(f"SELECT setval(%s, greatest(coalesce(max(id), 1), 1)) FROM {table}", [sequence])  # noqa: S608


def lock_schema(schema: str) -> None:
    """Nobody is inside any more, nobody enters until the transaction ends. Waits for those who are, a little."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [schema])


def drop_schema(schema: str) -> None:
    """Everything goes, in the caller's transaction; lock it first."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"DROP SCHEMA {schema} CASCADE")


def schemas() -> list[str]:
    """Every schema of a rehearsal that the database holds."""
    return [name for (name,) in rows(r"SELECT nspname FROM pg_namespace WHERE nspname LIKE 'rehearsal\_%'")]


def file_keys(schema: str) -> list[UUID]:
    """The files that a rehearsal names."""
    return [key for (key,) in rows(f"SELECT key FROM {schema}.core_storedfile")]  # noqa: S608


def read_shift() -> timedelta:
    """By how much the clock of the present space is shifted."""
    return rows("SELECT shift FROM rehearsal_clock")[0][0]


def write_shift(shift: timedelta) -> None:
    """Set the clock of the present space, for everybody in it."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE rehearsal_clock SET shift = %s", [shift])
