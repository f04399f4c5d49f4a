"""A criterion may be left without opinion, or commented."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("calls", "0013_ways_to_score"),
        ("juries", "0006_interests_said"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="score",
            name="score_note_or_level",
        ),
        migrations.AddField(
            model_name="score",
            name="abstained",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="score",
            name="comment",
            field=models.CharField(blank=True, max_length=600),
        ),
        migrations.AddConstraint(
            model_name="score",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("abstained", False), ("level", ""), ("note__isnull", False)),
                    models.Q(("abstained", False), ("note__isnull", True), models.Q(("level", ""), _negated=True)),
                    models.Q(("abstained", True), ("level", ""), ("note__isnull", True)),
                    models.Q(
                        ("abstained", False),
                        ("level", ""),
                        ("note__isnull", True),
                        models.Q(("comment", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="score_note_or_level",
                violation_error_message="Un critère reçoit une note, un niveau ou aucun avis, jamais deux à la fois.",
            ),
        ),
    ]
