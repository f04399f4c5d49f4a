"""A version of a financing plan that is closed never changes again, nor do its lines."""

from django.db import migrations

from portal.core.database import kept_when

LINES = """
CREATE FUNCTION refuse_closed_plan() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    writing boolean;
BEGIN
    SELECT closed_at IS NULL INTO writing FROM money_financeplan
        WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.plan_id ELSE OLD.plan_id END;
    IF writing THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION 'table %: the version of the plan is closed', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER money_financeexpense_kept BEFORE INSERT OR UPDATE OR DELETE ON money_financeexpense
    FOR EACH ROW EXECUTE FUNCTION refuse_closed_plan();
CREATE TRIGGER money_financeresource_kept BEFORE INSERT OR UPDATE OR DELETE ON money_financeresource
    FOR EACH ROW EXECUTE FUNCTION refuse_closed_plan();
"""
UNDO = (
    "DROP TRIGGER money_financeexpense_kept ON money_financeexpense; "
    "DROP TRIGGER money_financeresource_kept ON money_financeresource; "
    "DROP FUNCTION refuse_closed_plan();"
)


class Migration(migrations.Migration):
    dependencies = [("money", "0004_plans_posts_schemes"), ("core", "0009_documents_kept")]
    operations = [
        kept_when("money_financeplan", "OLD.closed_at IS NOT NULL", but=[]),
        migrations.RunSQL(LINES, UNDO),
    ]
