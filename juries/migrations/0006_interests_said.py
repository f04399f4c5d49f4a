"""A declared link has a kind; a link found by the portal is dismissed with a reason only."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0009_rulings"),
        ("juries", "0005_grids_of_every_shape"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="interestdeclaration",
            name="link_has_a_nature",
        ),
        migrations.AddField(
            model_name="interestdeclaration",
            name="dismissal",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="interestdeclaration",
            name="found",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=20), default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="interestdeclaration",
            name="kind",
            field=models.CharField(
                blank=True,
                choices=[
                    ("elected", "Mandat électif"),
                    ("employment", "Emploi, présent ou récent"),
                    ("provider", "Prestation, étude ou marché"),
                    ("family", "Lien familial ou proche"),
                    ("property", "Bien ou intérêt local"),
                    ("association", "Association ou organisme partenaire"),
                    ("other", "Autre lien"),
                ],
                max_length=12,
            ),
        ),
        migrations.RunSQL("UPDATE juries_interestdeclaration SET kind = 'other' WHERE linked", migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="interestdeclaration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", ""), ("linked", False)),
                    models.Q(
                        ("linked", True), models.Q(("nature", ""), _negated=True), models.Q(("kind", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="link_has_a_nature",
                violation_error_message="Un lien déclaré a une nature et une formule générale.",
            ),
        ),
        migrations.AddConstraint(
            model_name="interestdeclaration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("linked", True), ("found", []), models.Q(("dismissal", ""), _negated=True), _connector="OR"
                ),
                name="found_link_is_dismissed_with_a_reason",
                violation_error_message="Un lien relevé par le portail ne s’écarte qu’avec un motif.",
            ),
        ),
    ]
