import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('wagtail_localize_desk', '0008_held_publication'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user_name', models.CharField(blank=True, max_length=255)),
                ('page_pk', models.BigIntegerField()),
                ('include_subtree', models.BooleanField(default=True)),
                ('languages', models.JSONField(default=list)),
                ('total', models.PositiveIntegerField()),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('listed_at', models.DateTimeField(null=True)),
                ('worked_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'submission of pages',
                'verbose_name_plural': 'submissions of pages',
            },
        ),
        migrations.CreateModel(
            name='SubmittedPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('page_pk', models.BigIntegerField()),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('done', 'Submitted'), ('left_out', 'Left out, because the right to it is missing'), ('deleted', 'The page was deleted meanwhile'), ('no_language', 'The language was deleted meanwhile'), ('failed', 'Failed')], default='waiting', max_length=20)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('problem', models.TextField(blank=True)),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pages', to='wagtail_localize_desk.submission')),
            ],
            options={
                'verbose_name': 'submitted page',
                'verbose_name_plural': 'submitted pages',
            },
        ),
        migrations.AddIndex(
            model_name='submission',
            index=models.Index(condition=models.Q(('finished_at', None)), fields=['created_at'], name='desk_unfinished_submissions'),
        ),
        migrations.AddIndex(
            model_name='submittedpage',
            index=models.Index(fields=['submission', 'state', 'id'], name='desk_submitted_pages'),
        ),
    ]
