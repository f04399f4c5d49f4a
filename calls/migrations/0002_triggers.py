"""Tables that only grow; a published limit never comes forward."""

from django.db import migrations

from portal.core.database import insert_only

LIMIT = """
CREATE FUNCTION calls_limit_never_earlier() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.closes_at < OLD.closes_at AND EXISTS (
    SELECT 1 FROM calls_call WHERE id = OLD.call_id AND state <> 'draft'
  ) THEN
    RAISE EXCEPTION 'a published limit never comes forward' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER calls_window_limit BEFORE UPDATE ON calls_window
  FOR EACH ROW EXECUTE FUNCTION calls_limit_never_earlier();
"""
UNDO = "DROP TRIGGER calls_window_limit ON calls_window; DROP FUNCTION calls_limit_never_earlier();"


class Migration(migrations.Migration):
    dependencies = [("calls", "0001_initial")]
    operations = [
        insert_only("calls_callrevision"),
        insert_only("calls_calltransition"),
        migrations.RunSQL(LIMIT, UNDO),
    ]
