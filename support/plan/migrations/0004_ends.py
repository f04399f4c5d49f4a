"""Every support has a last day; what happened to it and to its actions only grows."""

from django.db import migrations, models

from portal.core.database import insert_only
from support.agreements.term import last_day


def fill(apps, schema_editor):
    SupportPlan = apps.get_model("plan", "SupportPlan")
    for plan in SupportPlan.objects.filter(ends_on=None).select_related("agreement"):
        plan.ends_on = last_day(plan.starts_on, plan.agreement.months)
        plan.save(update_fields=["ends_on"])


class Migration(migrations.Migration):
    dependencies = [("plan", "0003_actions")]
    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(model_name="supportplan", name="ends_on", field=models.DateField()),
        insert_only("plan_plantransition"),
        insert_only("plan_actiontransition"),
    ]
