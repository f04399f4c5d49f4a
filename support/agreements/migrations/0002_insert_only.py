"""Tables that only grow."""

from django.db import migrations

from portal.core.database import insert_only


class Migration(migrations.Migration):
    dependencies = [("agreements", "0001_initial")]
    operations = [
        insert_only("agreements_agreementtransition"),
    ]
