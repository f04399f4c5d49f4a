"""Co-applicants: invited by the lead, confirmed by themselves; one file per organisation counts those confirmed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_membership_log"),
        ("applications", "0004_tracks_stages"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="applicationmember",
            name="one_file_per_organisation_and_call",
        ),
        migrations.RemoveConstraint(
            model_name="applicationmember",
            name="one_current_file_per_organisation",
        ),
        migrations.AddField(
            model_name="applicationmember",
            name="confirmed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="applicationmember",
            name="invited_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="applicationmember",
            name="invited_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="applicationmember",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("confirmed_at__isnull", False), ("left_at__isnull", True), ("role__in", ["lead", "member"])
                ),
                fields=("call", "organisation", "stage"),
                name="one_file_per_organisation_and_call",
                violation_error_message="Votre commune a déjà une candidature à cet appel.",
            ),
        ),
        migrations.AddConstraint(
            model_name="applicationmember",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("confirmed_at__isnull", False),
                    ("current", True),
                    ("left_at__isnull", True),
                    ("role__in", ["lead", "member"]),
                ),
                fields=("call", "organisation"),
                name="one_current_file_per_organisation",
                violation_error_message="Votre commune a déjà une candidature à cet appel.",
            ),
        ),
        migrations.AddConstraint(
            model_name="applicationmember",
            constraint=models.UniqueConstraint(
                condition=models.Q(("left_at__isnull", True)),
                fields=("application", "organisation"),
                name="organisation_once_in_application",
                violation_error_message="Cet organisme est déjà dans la candidature.",
            ),
        ),
        migrations.AddConstraint(
            model_name="applicationmember",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("share__isnull", True), models.Q(("share__gte", 0), ("share__lte", 100)), _connector="OR"
                ),
                name="member_share_is_a_percentage",
                violation_error_message="La part est un pourcentage, de 0 à 100.",
            ),
        ),
    ]
