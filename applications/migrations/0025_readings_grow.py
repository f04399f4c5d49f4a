"""Proofs of reading only grow."""

from django.db import migrations

from portal.core.database import insert_only


class Migration(migrations.Migration):
    dependencies = [("applications", "0024_letters")]
    operations = [insert_only("applications_noticereading")]
