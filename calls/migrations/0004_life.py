"""A visa before publication, suspension, corrections, editions and instances of a template."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from portal.core.database import insert_only

LIMIT = """
CREATE OR REPLACE FUNCTION calls_limit_never_earlier() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.closes_at < OLD.closes_at AND EXISTS (
    SELECT 1 FROM calls_call WHERE id = OLD.call_id AND state NOT IN (%s)
  ) THEN
    RAISE EXCEPTION 'a published limit never comes forward' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_initial"),
        ("calls", "0003_document_growth"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Override",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path", models.CharField(max_length=200)),
                ("reason", models.CharField(max_length=300)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="StagedDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("text", models.TextField(help_text="document canonique (YAML)")),
                (
                    "base_sha256",
                    models.CharField(blank=True, help_text="document auquel il a été comparé", max_length=64),
                ),
                ("made_at", models.DateTimeField()),
                ("applied_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="TemplateAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path", models.CharField(max_length=200)),
                ("accepted", models.BooleanField()),
                ("answered_at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="call",
            name="call_published_is_dated",
        ),
        migrations.AddField(
            model_name="call",
            name="state_reason",
            field=models.TextField(blank=True, help_text="pourquoi l’appel est suspendu ou sans suite"),
        ),
        migrations.AddField(
            model_name="call",
            name="suspended_at",
            field=models.DateTimeField(help_text="lu sous le verrou de la ligne", null=True),
        ),
        migrations.AddField(
            model_name="call",
            name="template",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="instances", to="calls.call"
            ),
        ),
        migrations.AddField(
            model_name="call",
            name="template_revision",
            field=models.ForeignKey(
                help_text="modèle dont les apports sont tranchés",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="calls.callrevision",
            ),
        ),
        migrations.AddField(
            model_name="call",
            name="visa_number",
            field=models.CharField(blank=True, help_text="acte de l’organisateur qui vise l’appel", max_length=40),
        ),
        migrations.AddField(
            model_name="call",
            name="visa_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="call",
            name="visa_sha256",
            field=models.CharField(blank=True, help_text="document visé", max_length=64),
        ),
        migrations.AddField(
            model_name="callrevision",
            name="changes",
            field=models.JSONField(default=list, help_text="ce qui a changé, en toutes lettres"),
        ),
        migrations.AlterField(
            model_name="call",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "en préparation"),
                    ("validated", "visé"),
                    ("published", "publié"),
                    ("suspended", "suspendu"),
                    ("cancelled", "sans suite"),
                    ("archived", "archivé"),
                ],
                default="draft",
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["published", "suspended", "archived"]), _negated=True),
                    ("published_at__isnull", False),
                    _connector="OR",
                ),
                name="call_published_is_dated",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "validated"), _negated=True),
                    models.Q(
                        ("visa_on__isnull", False),
                        models.Q(("visa_number", ""), _negated=True),
                        models.Q(("visa_sha256", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="call_validated_has_visa",
                violation_error_message="Un visa porte le numéro et la date d’un acte.",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "suspended"), _negated=True),
                    models.Q(("suspended_at__isnull", False), models.Q(("state_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="call_suspended_says_why",
                violation_error_message="Une suspension porte sa date et son motif.",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("template", None), ("template_revision", None)),
                    models.Q(("template__isnull", False), ("template_revision__isnull", False)),
                    _connector="OR",
                ),
                name="call_template_at_a_revision",
            ),
        ),
        migrations.AddField(
            model_name="override",
            name="call",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="overrides", to="calls.call"
            ),
        ),
        migrations.AddField(
            model_name="override",
            name="made_by",
            field=models.ForeignKey(
                help_text="vide : par commande",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="stageddocument",
            name="call",
            field=models.ForeignKey(
                help_text="appel à changer",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="calls.call",
            ),
        ),
        migrations.AddField(
            model_name="stageddocument",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="stageddocument",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
            ),
        ),
        migrations.AddField(
            model_name="templateanswer",
            name="answered_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="templateanswer",
            name="call",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="template_answers", to="calls.call"
            ),
        ),
        migrations.AddField(
            model_name="templateanswer",
            name="revision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="calls.callrevision"
            ),
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.UniqueConstraint(fields=("call", "path"), name="override_once"),
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="override_says_why"
            ),
        ),
        migrations.AddConstraint(
            model_name="stageddocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("call__isnull", True), models.Q(("base_sha256", ""), _negated=True), _connector="OR"
                ),
                name="staged_document_compared_to_its_call",
            ),
        ),
        migrations.AddConstraint(
            model_name="templateanswer",
            constraint=models.UniqueConstraint(fields=("call", "revision", "path"), name="template_answer_once"),
        ),
        insert_only("calls_templateanswer"),
        migrations.RunSQL(LIMIT % "'draft', 'validated'", LIMIT % "'draft'"),
    ]
