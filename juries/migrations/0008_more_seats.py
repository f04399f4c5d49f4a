"""Seats of more kinds, lots drawn; whoever works on a call does not sit in its jury, and the database says so."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from portal.core.database import insert_only

# Both sides take the same lock: of two acts at once, the second sees the first.
APART = """
CREATE FUNCTION juries_sits_or_works() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE which bigint;
BEGIN
  IF NEW.ends_at IS NOT NULL AND NEW.ends_at <= portal_now() THEN
    RETURN NEW;
  END IF;
  IF TG_TABLE_NAME = 'juries_seatholder' THEN
    SELECT call_id INTO which FROM juries_seat WHERE id = NEW.seat_id;
  ELSE
    which := NEW.call_id;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('juries_sits_or_works'), hashtext(which || ':' || NEW.user_id));
  IF TG_TABLE_NAME = 'juries_seatholder' THEN
    IF EXISTS (
      SELECT 1 FROM calls_callrole
      WHERE call_id = which AND user_id = NEW.user_id AND (ends_at IS NULL OR ends_at > portal_now())
    ) OR EXISTS (SELECT 1 FROM accounts_user WHERE id = NEW.user_id AND is_platform_admin) THEN
      RAISE EXCEPTION 'who works on a call does not sit in its jury' USING ERRCODE = 'restrict_violation';
    END IF;
  ELSIF EXISTS (
    SELECT 1 FROM juries_seatholder h JOIN juries_seat s ON s.id = h.seat_id
    WHERE s.call_id = which AND h.user_id = NEW.user_id AND (h.ends_at IS NULL OR h.ends_at > portal_now())
  ) THEN
    RAISE EXCEPTION 'who sits in a jury does not work on its call' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER juries_who_sits BEFORE INSERT OR UPDATE OF user_id, seat_id, ends_at ON juries_seatholder
  FOR EACH ROW EXECUTE FUNCTION juries_sits_or_works();
CREATE TRIGGER juries_who_works BEFORE INSERT OR UPDATE OF user_id, call_id, ends_at ON calls_callrole
  FOR EACH ROW EXECUTE FUNCTION juries_sits_or_works();
"""
UNDO = """
DROP TRIGGER juries_who_sits ON juries_seatholder;
DROP TRIGGER juries_who_works ON calls_callrole;
DROP FUNCTION juries_sits_or_works();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("calls", "0014_more_seats"),
        ("juries", "0007_opinions_and_comments"),
        ("territories", "0002_reference_data"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SeatDraw",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("n", models.PositiveSmallIntegerField()),
                (
                    "pool",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=5), size=None),
                ),
                ("seed", models.CharField(max_length=64)),
                ("reason", models.CharField(blank=True, help_text="pourquoi on tire de nouveau", max_length=200)),
                ("drawn_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-n"],
            },
        ),
        migrations.AlterModelOptions(
            name="seat",
            options={"ordering": ["position", "pk"]},
        ),
        migrations.AddField(
            model_name="seat",
            name="co_chair",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="seat",
            name="department",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="territories.department"
            ),
        ),
        migrations.AddField(
            model_name="seat",
            name="drawn",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="seat",
            name="observer",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="seat",
            name="personal",
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name="seat",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("observer", False),
                    models.Q(("co_chair", False), ("president", False), ("voting", False)),
                    _connector="OR",
                ),
                name="observer_neither_votes_nor_chairs",
                violation_error_message="Un siège qui observe ne vote ni ne préside.",
            ),
        ),
        migrations.AddField(
            model_name="seatdraw",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="seatdraw",
            name="commune",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="territories.commune"
            ),
        ),
        migrations.AddField(
            model_name="seatdraw",
            name="seat",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="draws", to="juries.seat"
            ),
        ),
        migrations.AddConstraint(
            model_name="seatdraw",
            constraint=models.UniqueConstraint(fields=("seat", "n"), name="seat_draw_once"),
        ),
        migrations.AddConstraint(
            model_name="seatdraw",
            constraint=models.CheckConstraint(
                condition=models.Q(("n", 1), models.Q(("reason", ""), _negated=True), _connector="OR"),
                name="draw_again_has_a_reason",
                violation_error_message="Tirer de nouveau demande un motif.",
            ),
        ),
        insert_only("juries_seatdraw"),
        migrations.RunSQL(APART, UNDO),
    ]
