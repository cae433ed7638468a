from django.db import migrations, models


def forget(apps, schema_editor):
    """Placeholders are made again with the next document that shows their image."""
    apps.get_model("wagtail_delivery", "ImagePlaceholder").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("wagtail_delivery", "0002_published_files"),
    ]

    operations = [
        migrations.RunPython(forget, migrations.RunPython.noop),
        migrations.AddField(
            model_name="imageplaceholder",
            name="animated_format",
            field=models.CharField(default="", max_length=10),
            preserve_default=False,
        ),
    ]
