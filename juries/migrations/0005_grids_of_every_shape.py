"""Rankings apart, several deciding criteria, levels, steps of an even vote; all frozen as other rules are."""

import django.contrib.postgres.fields
from django.db import migrations, models

ARRAY = """
ALTER TABLE juries_filescore
  ALTER COLUMN tie_break TYPE numeric(6, 2)[] USING CASE WHEN tie_break IS NULL THEN '{}' ELSE ARRAY[tie_break] END,
  ALTER COLUMN tie_break SET NOT NULL;
"""
SCALAR = """
ALTER TABLE juries_filescore
  ALTER COLUMN tie_break DROP NOT NULL,
  ALTER COLUMN tie_break TYPE numeric(6, 2) USING tie_break[1];
"""
# Rankings are frozen with the grid, or at the opening of a session when nothing is noted; so are the steps of an even
# vote, the seats without which there is no quorum and the levels, which the call keeps in its extras.
FROZEN = """
CREATE FUNCTION juries_is_judged(which bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT 1 FROM juries_score s
    JOIN juries_assessment a ON a.id = s.assessment_id
    JOIN applications_application f ON f.id = a.application_id
    WHERE f.call_id = which
  ) OR EXISTS (SELECT 1 FROM juries_jurysession WHERE call_id = which AND opened_at IS NOT NULL)
$$;
CREATE FUNCTION juries_rankings_are_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF juries_is_judged(COALESCE(NEW.call_id, OLD.call_id)) THEN
    RAISE EXCEPTION 'the rankings are frozen at the first score' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE FUNCTION juries_extras_are_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF juries_is_judged(OLD.id) AND OLD.extras -> 'levels' IS DISTINCT FROM NEW.extras -> 'levels' THEN
    RAISE EXCEPTION 'the levels are frozen at the first score' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.extras -> 'jury' IS DISTINCT FROM NEW.extras -> 'jury'
     AND EXISTS (SELECT 1 FROM juries_jurysession WHERE call_id = OLD.id AND opened_at IS NOT NULL) THEN
    RAISE EXCEPTION 'the rules of the jury are frozen at the opening of a session' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER juries_frozen_rankings BEFORE INSERT OR UPDATE OR DELETE ON calls_ranking
  FOR EACH ROW EXECUTE FUNCTION juries_rankings_are_frozen();
CREATE TRIGGER juries_frozen_extras BEFORE UPDATE OF extras ON calls_call
  FOR EACH ROW EXECUTE FUNCTION juries_extras_are_frozen();
"""
UNDO = """
DROP TRIGGER juries_frozen_rankings ON calls_ranking;
DROP TRIGGER juries_frozen_extras ON calls_call;
DROP FUNCTION juries_rankings_are_frozen();
DROP FUNCTION juries_extras_are_frozen();
DROP FUNCTION juries_is_judged(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0006_rankings"),
        ("calls", "0003_document_growth"),
        ("juries", "0004_frozen_rules"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="agendaitem",
            options={"ordering": ["position", "round"]},
        ),
        migrations.RemoveConstraint(
            model_name="agendaitem",
            name="agenda_item_once",
        ),
        migrations.RemoveConstraint(
            model_name="assessment",
            name="assessment_submitted_has_total",
        ),
        migrations.RemoveConstraint(
            model_name="filescore",
            name="score_needs_members",
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="round",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="tie_step",
            field=models.CharField(blank=True, max_length=15),
        ),
        migrations.AddField(
            model_name="filescore",
            name="ranking",
            field=models.CharField(blank=True, max_length=30),
        ),
        migrations.AddField(
            model_name="proposalline",
            name="ranking",
            field=models.CharField(blank=True, help_text="code du classement à part", max_length=30),
        ),
        migrations.AddField(
            model_name="score",
            name="level",
            field=models.CharField(blank=True, max_length=30),
        ),
        migrations.AlterField(
            model_name="agendaitem",
            name="result",
            field=models.CharField(
                blank=True,
                choices=[
                    ("favourable", "favorable"),
                    ("unfavourable", "défavorable"),
                    ("no_vote", "sans vote"),
                    ("tied", "partage égal"),
                    ("deferred", "renvoyé"),
                ],
                max_length=12,
            ),
        ),
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL(ARRAY, SCALAR)],
            [
                migrations.AlterField(
                    model_name="filescore",
                    name="tie_break",
                    field=django.contrib.postgres.fields.ArrayField(
                        base_field=models.DecimalField(decimal_places=2, max_digits=6), default=list, size=None
                    ),
                )
            ],
        ),
        migrations.AlterField(
            model_name="score",
            name="note",
            field=models.DecimalField(decimal_places=1, max_digits=4, null=True),
        ),
        migrations.AddConstraint(
            model_name="agendaitem",
            constraint=models.UniqueConstraint(fields=("session", "application", "round"), name="agenda_item_once"),
        ),
        migrations.AddConstraint(
            model_name="agendaitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("result", "tied"), _negated=True),
                    models.Q(("tie_step", ""), ("votes_for", models.F("votes_against"))),
                    _connector="OR",
                ),
                name="tied_item_is_even",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "submitted"), _negated=True), ("submitted_at__isnull", False), _connector="OR"
                ),
                name="assessment_submitted_is_dated",
            ),
        ),
        migrations.AddConstraint(
            model_name="filescore",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("members__gt", 0), models.Q(("members", 0), ("total__isnull", True)), _connector="OR"
                ),
                name="score_needs_members",
            ),
        ),
        migrations.AddConstraint(
            model_name="score",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("level", ""), ("note__isnull", False)),
                    models.Q(("note__isnull", True), models.Q(("level", ""), _negated=True)),
                    _connector="OR",
                ),
                name="score_note_or_level",
                violation_error_message="Un critère reçoit une note ou un niveau, jamais les deux.",
            ),
        ),
        migrations.RunSQL(FROZEN, UNDO),
    ]
