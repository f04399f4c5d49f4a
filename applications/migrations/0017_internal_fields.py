"""What the examination notes of a file in the fields of its call."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from portal.core.database import insert_only


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0016_saved_views'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='InternalValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=30)),
                ('typed', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='internal_values', to='applications.application')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['at', 'pk'],
                'indexes': [models.Index(fields=['application', 'code'], name='internal_of_file')],
            },
        ),
        insert_only("applications_internalvalue"),
    ]
