"""Mails say which call answers for them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_shown_mails"),
    ]

    operations = [
        migrations.AddField(
            model_name="outboundemail",
            name="call_key",
            field=models.CharField(
                blank=True, help_text="« call:<slug> » : l’appel dont l’équipe répond", max_length=90
            ),
        ),
        migrations.AddIndex(
            model_name="outboundemail",
            index=models.Index(
                condition=models.Q(("state__in", ["failed", "uncertain"])), fields=["call_key"], name="outbox_to_settle"
            ),
        ),
        migrations.RunSQL(
            "UPDATE core_outboundemail SET call_key = object_key WHERE object_key LIKE 'call:%%';",
            migrations.RunSQL.noop,
        ),
    ]
