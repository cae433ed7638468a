from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('wagtail_delivery', '0013_smaller_rows'),
    ]

    operations = [
        migrations.AddField(
            model_name='pendingdependents',
            name='waiting',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='pendingdependents',
            name='without',
            field=models.JSONField(default=list),
        ),
    ]
