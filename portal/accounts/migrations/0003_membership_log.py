"""Claims say which right they give, one open at a time; memberships keep an insert-only log."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from portal.core.database import insert_only

RIGHT_ASKED = """
UPDATE accounts_claim SET "right" = m."right" FROM accounts_membership m WHERE m.id = membership_id;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="MembershipTransition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("happened_at", models.DateTimeField()),
                ("transition", models.CharField(max_length=40)),
                ("from_state", models.CharField(max_length=20)),
                ("to_state", models.CharField(max_length=20)),
                ("reason", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["happened_at", "pk"],
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="claim",
            name="asked_by",
            field=models.ForeignKey(
                help_text="le collègue qui désigne ; vide : la personne même",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="claim",
            name="entry",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="claim",
            name="right",
            field=models.CharField(
                choices=[
                    ("reader", "lecture"),
                    ("editor", "rédaction"),
                    ("signatory", "signature"),
                    ("manager", "gestion de l’organisme"),
                ],
                default="editor",
                max_length=10,
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="claim",
            name="membership",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="claims", to="accounts.membership"
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")),
                fields=("membership",),
                name="one_open_claim_per_membership",
                violation_error_message="Une demande attend déjà une réponse pour cette personne.",
            ),
        ),
        migrations.AddField(
            model_name="membershiptransition",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="membershiptransition",
            name="membership",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="transitions", to="accounts.membership"
            ),
        ),
        migrations.AddField(
            model_name="membershiptransition",
            name="on_behalf_of",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
            ),
        ),
        migrations.RunSQL(RIGHT_ASKED, migrations.RunSQL.noop),
        insert_only("accounts_membershiptransition"),
    ]
