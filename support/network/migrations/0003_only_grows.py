"""What happened to a request for expertise only grows."""

from django.db import migrations

from portal.core.database import insert_only


class Migration(migrations.Migration):
    dependencies = [("network", "0002_expertise")]
    operations = [insert_only("network_expertisetransition")]
