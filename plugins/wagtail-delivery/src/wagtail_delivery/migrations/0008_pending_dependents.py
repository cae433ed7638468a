from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('wagtail_delivery', '0007_pending_documents'),
    ]

    operations = [
        migrations.CreateModel(
            name='PendingDependents',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('keys', models.JSONField()),
                ('after', models.BigIntegerField()),
                ('is_withdrawal', models.BooleanField()),
                ('causes', models.TextField()),
                ('recorded_at', models.DateTimeField()),
            ],
        ),
    ]
