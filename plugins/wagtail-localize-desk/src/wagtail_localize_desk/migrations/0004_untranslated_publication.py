from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("wagtail_localize_desk", "0003_review_task_and_digest")]

    operations = [
        migrations.AddField(
            model_name="revisiontexts",
            name="may_be_public",
            field=models.BooleanField(
                default=False,
                help_text="Whether somebody published or scheduled it with untranslated texts.",
            ),
        ),
        migrations.AlterModelOptions(
            name="revisiontexts",
            options={
                "permissions": [("publish_untranslated", "Can publish untranslated texts")],
                "verbose_name": "texts of a revision",
                "verbose_name_plural": "texts of revisions",
            },
        ),
    ]
