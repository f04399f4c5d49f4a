"""What happened to an aid, and the proofs of a payment, only grow."""

from django.db import migrations

from portal.core.database import insert_only


class Migration(migrations.Migration):
    dependencies = [("money", "0002_awards")]
    operations = [
        insert_only("money_awardtransition"),
        insert_only("money_paymenttransition"),
        insert_only("money_paymentproof"),
    ]
