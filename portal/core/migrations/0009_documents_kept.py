"""A document that is ready is kept as it is, by whoever writes; before that, only its making is told."""

from django.db import migrations

from portal.core.database import kept_when

FUNCTION = """
CREATE FUNCTION refuse_change_but() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - TG_ARGV::text[] = to_jsonb(OLD) - TG_ARGV::text[] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'table %: a kept row does not change', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
"""
ACTS = "OLD.kind LIKE '%notice%' OR OLD.kind LIKE '%minutes%' OR OLD.kind LIKE '%agreement%'"


class Migration(migrations.Migration):
    dependencies = [("core", "0008_digests")]
    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION refuse_change_but();"),
        # The facts of a receipt may be erased at the end of its retention; those of an act of the procedure never.
        kept_when("core_frozendocument", "OLD.state = 'ready'", but=["snapshot"]),
        kept_when("core_frozendocument", f"OLD.state = 'ready' AND ({ACTS})", name="act_kept"),
        kept_when("core_storedfile", "true", but=["scan", "name", "erased_at"]),
    ]
