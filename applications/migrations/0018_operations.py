import django.db.models.deletion
from django.db import migrations, models

from portal.core.database import insert_only


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0017_internal_fields"),
    ]

    operations = [
        migrations.CreateModel(
            name="Operation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("question_code", models.CharField(max_length=30)),
                ("position", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=150)),
                ("owner", models.CharField(help_text="maître d’ouvrage", max_length=150)),
                ("owner_kind", models.CharField(max_length=10)),
                ("waiver", models.CharField(blank=True, help_text="exception à la part minimale", max_length=20)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("cost", models.DecimalField(decimal_places=2, max_digits=14)),
                ("eligible", models.DecimalField(decimal_places=2, max_digits=14)),
                ("asked", models.DecimalField(decimal_places=2, max_digits=14)),
                (
                    "deposit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="operations",
                        to="applications.deposit",
                    ),
                ),
            ],
            options={
                "ordering": ["question_code", "position"],
            },
        ),
        migrations.CreateModel(
            name="PlanExpense",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("label", models.CharField(max_length=150)),
                ("item", models.CharField(max_length=12)),
                ("nature", models.CharField(max_length=12)),
                ("excl_vat", models.DecimalField(decimal_places=2, max_digits=14)),
                ("vat_rate", models.DecimalField(decimal_places=4, max_digits=7)),
                ("eligible", models.BooleanField()),
                (
                    "operation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="expenses",
                        to="applications.operation",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="PlanResource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("funder", models.CharField(max_length=150)),
                ("kind", models.CharField(max_length=12)),
                ("state", models.CharField(max_length=12)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                (
                    "operation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resources",
                        to="applications.operation",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.AddConstraint(
            model_name="operation",
            constraint=models.UniqueConstraint(fields=("deposit", "question_code", "position"), name="operation_once"),
        ),
        migrations.AddConstraint(
            model_name="operation",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="operation_ends_after_start"
            ),
        ),
        migrations.AddConstraint(
            model_name="operation",
            constraint=models.CheckConstraint(
                condition=models.Q(("asked__gte", 0), ("cost__gte", 0), ("eligible__gte", 0)),
                name="operation_amounts_positive",
            ),
        ),
        migrations.AddConstraint(
            model_name="planexpense",
            constraint=models.UniqueConstraint(fields=("operation", "position"), name="plan_expense_once"),
        ),
        migrations.AddConstraint(
            model_name="planexpense",
            constraint=models.CheckConstraint(condition=models.Q(("excl_vat__gt", 0)), name="plan_expense_positive"),
        ),
        migrations.AddConstraint(
            model_name="planresource",
            constraint=models.UniqueConstraint(fields=("operation", "position"), name="plan_resource_once"),
        ),
        migrations.AddConstraint(
            model_name="planresource",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="plan_resource_positive"),
        ),
        insert_only("applications_operation"),
        insert_only("applications_planexpense"),
        insert_only("applications_planresource"),
    ]
