"""Tables that only grow."""

from django.db import migrations

from portal.core.database import insert_only


class Migration(migrations.Migration):
    dependencies = [("plan", "0001_initial")]
    operations = [
        insert_only("plan_logentry"),
    ]
