from django.db import migrations, models


def forget_incomplete_entries(apps, schema_editor):
    """Prune the entries so far: they lack what those who follow the log need of a withdrawal."""
    changes = apps.get_model("wagtail_delivery", "Change").objects.using(
        schema_editor.connection.alias
    )
    last = changes.order_by("sequence").last()
    if last is not None:
        changes.exclude(pk=last.pk).delete()
        changes.update(action="pruned", collection="", resource_id="", locale="", type="")
        changes.update(path="", etag="")


class Migration(migrations.Migration):
    dependencies = [
        ("wagtail_delivery", "0005_texts_of_documents"),
    ]

    operations = [
        migrations.AlterField(
            model_name="change",
            name="action",
            field=models.CharField(
                choices=[("upsert", "upsert"), ("delete", "delete"), ("pruned", "pruned")],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="change",
            name="expires_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="change",
            name="paths_before",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="change",
            name="site",
            field=models.CharField(default="", max_length=300),
        ),
        migrations.AddField(
            model_name="change",
            name="surrogate_keys",
            field=models.TextField(default=""),
        ),
        migrations.RunPython(forget_incomplete_entries, migrations.RunPython.noop),
    ]
