"""The grid is frozen at the first score, the rules of the jury at the opening of a session."""

from django.db import migrations

FROZEN = """
CREATE FUNCTION juries_grid_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM juries_score s
    JOIN juries_assessment a ON a.id = s.assessment_id
    JOIN applications_application f ON f.id = a.application_id
    WHERE f.call_id = OLD.call_id
  ) THEN
    RAISE EXCEPTION 'the grid is frozen at the first score' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE FUNCTION juries_rules_are_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM juries_jurysession WHERE call_id = OLD.call_id AND opened_at IS NOT NULL) THEN
    RAISE EXCEPTION 'the rules of the jury are frozen at the opening of a session' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER juries_frozen_criteria BEFORE UPDATE OR DELETE ON calls_criterion
  FOR EACH ROW EXECUTE FUNCTION juries_grid_is_frozen();
CREATE TRIGGER juries_frozen_bonuses BEFORE UPDATE OR DELETE ON calls_bonus
  FOR EACH ROW EXECUTE FUNCTION juries_grid_is_frozen();
CREATE TRIGGER juries_frozen_grid BEFORE UPDATE OR DELETE ON calls_grid
  FOR EACH ROW EXECUTE FUNCTION juries_grid_is_frozen();
CREATE TRIGGER juries_frozen_rules BEFORE UPDATE OR DELETE ON calls_juryrules
  FOR EACH ROW EXECUTE FUNCTION juries_rules_are_frozen();
"""
UNDO = """
DROP TRIGGER juries_frozen_criteria ON calls_criterion;
DROP TRIGGER juries_frozen_bonuses ON calls_bonus;
DROP TRIGGER juries_frozen_grid ON calls_grid;
DROP TRIGGER juries_frozen_rules ON calls_juryrules;
DROP FUNCTION juries_grid_is_frozen();
DROP FUNCTION juries_rules_are_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("juries", "0003_file_score"), ("calls", "0002_triggers")]
    operations = [migrations.RunSQL(FROZEN, UNDO)]
