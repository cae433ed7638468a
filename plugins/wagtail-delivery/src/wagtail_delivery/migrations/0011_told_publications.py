import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('wagtail_delivery', '0010_overdue_schedules'),
    ]

    operations = [
        migrations.CreateModel(
            name='Following',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=300, unique=True)),
                ('total', models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='FrontEndCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('published_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('seen_at', models.DateTimeField(null=True)),
                ('problem', models.CharField(choices=[('other version', 'other version'), ('no version', 'no version'), ('not there', 'not there'), ('redirect', 'redirect'), ('unreachable', 'unreachable')], default='', max_length=20)),
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='front_end_check', to='wagtail_delivery.publisheddocument')),
            ],
            options={
                'indexes': [models.Index(fields=['due_at'], name='delivery_front_end_due')],
            },
        ),
        migrations.AddField(
            model_name='publisheddocument',
            name='public_since',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='publisheddocument',
            name='version_since',
            field=models.DateTimeField(null=True),
        ),
        migrations.RemoveIndex(
            model_name='pendingdocument',
            name='delivery_pending_cause',
        ),
        migrations.RenameField(
            model_name='pendingdocument',
            old_name='cause',
            new_name='causes',
        ),
        migrations.AlterField(
            model_name='pendingdocument',
            name='causes',
            field=models.TextField(),
        ),
    ]
