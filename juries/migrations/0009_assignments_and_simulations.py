"""Files entrusted to members; variants of a simulation."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0009_rulings"),
        ("calls", "0014_more_seats"),
        ("juries", "0008_more_seats"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mode",
                    models.CharField(
                        choices=[("hand", "à la main"), ("territory", "par territoire"), ("even", "répartition égale")],
                        max_length=10,
                    ),
                ),
                ("assigned_at", models.DateTimeField()),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="jury_assignments",
                        to="applications.application",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="assignments", to="juries.seat"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("seat", "application"),
                        name="assigned_once",
                        violation_error_message="Ce dossier est déjà confié à ce siège.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SimulationVariant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("ranking", models.CharField(blank=True, help_text="code du classement à part", max_length=30)),
                ("threshold", models.DecimalField(decimal_places=2, max_digits=6, null=True)),
                ("places", models.PositiveSmallIntegerField(null=True)),
                ("reserve", models.PositiveSmallIntegerField(default=0)),
                ("envelope", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                (
                    "amount_question",
                    models.CharField(blank=True, help_text="question du montant demandé", max_length=30),
                ),
                ("per_territory", models.PositiveSmallIntegerField(null=True)),
                ("territory", models.CharField(default="intercommunality", max_length=20)),
                ("skip", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="simulations", to="calls.call"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("call", "name"),
                        name="simulation_name_once",
                        violation_error_message="Une variante porte déjà ce nom.",
                    )
                ],
            },
        ),
    ]
