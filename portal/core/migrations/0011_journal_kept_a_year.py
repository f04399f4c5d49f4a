from django.db import migrations

from portal.core.database import insert_only_but

# A reading is proved for a year, then forgotten (CNIL 2021-122); nothing of it may change meanwhile.
A_YEAR = """
CREATE FUNCTION refuse_change_for_a_year() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.at < portal_now() - interval '1 year' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'insert-only table %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0010_checks")]
    operations = [
        migrations.RunSQL(A_YEAR, "DROP FUNCTION refuse_change_for_a_year();"),
        insert_only_but("core_accessrecord", "refuse_change_for_a_year"),
    ]
