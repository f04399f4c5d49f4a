"""Messages and what happened to meetings only grow."""

from django.db import migrations

from portal.core.database import insert_only


class Migration(migrations.Migration):
    dependencies = [("plan", "0006_exchanges")]
    operations = [insert_only("plan_message"), insert_only("plan_meetingtransition")]
