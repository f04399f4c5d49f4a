"""Seats: co-chairs, observers, voices, one by département, drawn by lot."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('calls', '0013_ways_to_score'),
    ]

    operations = [
        migrations.AddField(
            model_name='seattemplate',
            name='by_department',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='seattemplate',
            name='co_chair',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='seattemplate',
            name='drawn',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='seattemplate',
            name='observer',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='seattemplate',
            name='voice',
            field=models.CharField(default='institution', help_text='institution ou person', max_length=12),
        ),
    ]
