"""How notes are gathered, who may have no opinion, what each note means."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('calls', '0012_sub_criteria'),
    ]

    operations = [
        migrations.AddField(
            model_name='criterion',
            name='comment_required',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='criterion',
            name='descriptors',
            field=models.JSONField(default=dict, help_text='ce que veut dire chaque note, ou chaque niveau'),
        ),
        migrations.AddField(
            model_name='grid',
            name='abstention',
            field=models.BooleanField(default=False, help_text='on peut ne pas se prononcer sur un critère'),
        ),
        migrations.AddField(
            model_name='grid',
            name='aggregate',
            field=models.CharField(default='mean', help_text='mean ou median', max_length=10),
        ),
        migrations.AddField(
            model_name='grid',
            name='comment',
            field=models.CharField(default='optional', help_text='commentaire général : optional, required', max_length=10),
        ),
        migrations.AddField(
            model_name='grid',
            name='unjudged',
            field=models.CharField(default='zero', help_text='critère sans aucune note : zero ou set_aside', max_length=10),
        ),
    ]
