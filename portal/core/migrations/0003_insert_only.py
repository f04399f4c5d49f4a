"""Tables that only grow."""

from django.db import migrations

from portal.core.database import insert_only


class Migration(migrations.Migration):
    dependencies = [("core", "0002_initial")]
    operations = [
        insert_only("core_accessrecord"),
    ]
