"""Tables that only grow."""

from django.db import migrations

from portal.core.database import insert_only


class Migration(migrations.Migration):
    dependencies = [("applications", "0001_initial")]
    operations = [
        insert_only("applications_deposit"),
        insert_only("applications_depositedpiece"),
        insert_only("applications_answerfact"),
        insert_only("applications_eligibilityverdict"),
        insert_only("applications_depositattempt"),
        insert_only("applications_applicationtransition"),
    ]
