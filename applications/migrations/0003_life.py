"""One file reopened on a proven outage; the database refuses a deposit after the limit of its file."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from portal.core.database import insert_only

IN_TIME = """
CREATE FUNCTION applications_deposit_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  file record;
BEGIN
  SELECT w.closes_at AS limit_at, c.state, c.suspended_at,
    (SELECT max(until) FROM applications_reopening WHERE application_id = a.id) AS reopened_until
  INTO file
  FROM applications_application a JOIN calls_window w ON w.id = a.window_id JOIN calls_call c ON c.id = a.call_id
  WHERE a.id = NEW.application_id;
  IF NEW.closes_at > GREATEST(file.limit_at, file.reopened_until) THEN
    RAISE EXCEPTION 'this file has no such limit' USING ERRCODE = 'check_violation';
  END IF;
  IF file.state = 'suspended' AND NEW.received_at >= file.suspended_at THEN
    RAISE EXCEPTION 'the call is suspended' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER applications_deposit_in_time BEFORE INSERT ON applications_deposit
  FOR EACH ROW EXECUTE FUNCTION applications_deposit_in_time();
"""
UNDO = """
DROP TRIGGER applications_deposit_in_time ON applications_deposit;
DROP FUNCTION applications_deposit_in_time();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0002_insert_only"),
        ("calls", "0004_life"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Reopening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("until", models.DateTimeField()),
                ("reason", models.TextField()),
                ("evidence", models.TextField(help_text="ce qui prouve la panne : heure, message, témoin, journal")),
                ("decided_at", models.DateTimeField()),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reopenings",
                        to="applications.application",
                    ),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["decided_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("decided_at"))), name="reopening_ahead"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("asked_by", models.F("approved_by")), _negated=True),
                        name="reopening_two_persons",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", ""), _negated=True), models.Q(("evidence", ""), _negated=True)
                        ),
                        name="reopening_proven",
                    ),
                ],
            },
        ),
        insert_only("applications_reopening"),
        migrations.RunSQL(IN_TIME, UNDO),
    ]
