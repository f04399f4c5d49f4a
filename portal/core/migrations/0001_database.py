"""What the database itself knows: the clock, insert-only tables, search extensions."""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension, UnaccentExtension
from django.db import migrations

CLOCK = """
CREATE FUNCTION portal_clock_offset() RETURNS interval LANGUAGE sql STABLE AS $$
  SELECT coalesce(nullif(current_setting('portal.clock_offset', true), '')::interval, interval '0')
$$;
CREATE FUNCTION portal_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
  SELECT clock_timestamp() + portal_clock_offset()
$$;
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'insert-only table %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""
UNDO = "DROP FUNCTION refuse_change(); DROP FUNCTION portal_now(); DROP FUNCTION portal_clock_offset();"


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        BtreeGistExtension(),
        migrations.RunSQL(CLOCK, UNDO),
    ]
