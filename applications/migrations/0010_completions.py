"""What the examination asks to complete; the database takes the version that answers until the limit of its request."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from portal.core.database import insert_only

IN_TIME = """
CREATE OR REPLACE FUNCTION applications_deposit_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  file record;
  asked record;
BEGIN
  SELECT w.closes_at AS limit_at, c.state, c.suspended_at,
    (SELECT max(until) FROM applications_reopening WHERE application_id = a.id) AS reopened_until
  INTO file
  FROM applications_application a JOIN calls_window w ON w.id = a.window_id JOIN calls_call c ON c.id = a.call_id
  WHERE a.id = NEW.application_id;
  IF NEW.completion_id IS NULL THEN
    IF NEW.closes_at > GREATEST(file.limit_at, file.reopened_until) THEN
      RAISE EXCEPTION 'this file has no such limit' USING ERRCODE = 'check_violation';
    END IF;
  ELSE
    SELECT application_id, state, due_at INTO asked
    FROM applications_completionrequest WHERE id = NEW.completion_id;
    IF asked.application_id <> NEW.application_id OR asked.state <> 'awaited' OR NEW.closes_at > asked.due_at THEN
      RAISE EXCEPTION 'this request has no such limit' USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  IF file.state = 'suspended' AND NEW.received_at >= file.suspended_at THEN
    RAISE EXCEPTION 'the call is suspended' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_organisations"),
        ("applications", "0009_rulings"),
        ("core", "0006_service_probe"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CompletionItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("kind", models.CharField(choices=[("question", "réponse"), ("piece", "pièce")], max_length=10)),
                ("code", models.CharField(max_length=30)),
                ("label", models.CharField(max_length=250)),
                ("note", models.CharField(blank=True, help_text="ce qu’il faut corriger", max_length=400)),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="CompletionFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("added_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.storedfile"
                    ),
                ),
                (
                    "removed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="applications.completionitem",
                    ),
                ),
            ],
            options={
                "ordering": ["added_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="CompletionRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("awaited", "attendue"),
                            ("answered", "transmise"),
                            ("cancelled", "annulée"),
                            ("lapsed", "close sans réponse"),
                        ],
                        default="awaited",
                        max_length=10,
                    ),
                ),
                ("message", models.TextField(help_text="ce que lit la commune")),
                ("due_at", models.DateTimeField()),
                (
                    "expiry",
                    models.CharField(help_text="règle de l’appel à la demande : as_is, inadmissible", max_length=12),
                ),
                ("asked_at", models.DateTimeField()),
                (
                    "values",
                    models.JSONField(default=dict, help_text="réponses en cours d’écriture, par code de question"),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                ("saved_at", models.DateTimeField(null=True)),
                ("reply", models.TextField(blank=True, help_text="mot de la commune, lu par l’instruction")),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="completions",
                        to="applications.application",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["asked_at", "pk"],
            },
        ),
        migrations.AddField(
            model_name="completionitem",
            name="request",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="items", to="applications.completionrequest"
            ),
        ),
        migrations.AddField(
            model_name="deposit",
            name="completion",
            field=models.OneToOneField(
                help_text="la demande à laquelle il répond",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deposit",
                to="applications.completionrequest",
            ),
        ),
        migrations.CreateModel(
            name="CompletionTransition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("happened_at", models.DateTimeField()),
                ("transition", models.CharField(max_length=40)),
                ("from_state", models.CharField(max_length=20)),
                ("to_state", models.CharField(max_length=20)),
                ("reason", models.TextField(blank=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "completion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transitions",
                        to="applications.completionrequest",
                    ),
                ),
                (
                    "on_behalf_of",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["happened_at", "pk"],
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="completionrequest",
            index=models.Index(fields=["state", "due_at"], name="completion_due"),
        ),
        migrations.AddConstraint(
            model_name="completionrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "awaited")),
                fields=("application",),
                name="one_open_completion",
                violation_error_message="Des compléments sont déjà demandés pour cette candidature.",
            ),
        ),
        migrations.AddConstraint(
            model_name="completionrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_at__isnull", True), ("state", "awaited")),
                    models.Q(models.Q(("state", "awaited"), _negated=True), ("settled_at__isnull", False)),
                    _connector="OR",
                ),
                name="completion_settled_is_dated",
            ),
        ),
        migrations.AddConstraint(
            model_name="completionitem",
            constraint=models.UniqueConstraint(fields=("request", "kind", "code"), name="completion_item_once"),
        ),
        insert_only("applications_completiontransition"),
        insert_only("applications_completionitem"),
        migrations.RunSQL(IN_TIME, migrations.RunSQL.noop),
    ]
