import django.db.models.deletion
from django.db import migrations, models

from portal.core.database import insert_only


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0018_operations"),
        ("territories", "0002_reference_data"),
    ]

    operations = [
        migrations.CreateModel(
            name="SiteCommune",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("question_code", models.CharField(max_length=30)),
                (
                    "commune",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="territories.commune"
                    ),
                ),
                (
                    "deposit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="site_communes",
                        to="applications.deposit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("deposit", "question_code", "commune"), name="site_commune_once")
                ],
            },
        ),
        insert_only("applications_sitecommune"),
    ]
