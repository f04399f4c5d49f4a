"""The fingerprint of each box, kept at its closing."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('juries', '0014_written_consultations'),
    ]

    operations = [
        migrations.AddField(
            model_name='agendaitem',
            name='seal',
            field=models.CharField(blank=True, help_text='empreinte de l’urne à la clôture', max_length=64),
        ),
    ]
