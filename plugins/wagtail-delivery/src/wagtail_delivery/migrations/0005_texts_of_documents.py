from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("wagtail_delivery", "0004_pending_images"),
    ]

    operations = [
        migrations.AddField(
            model_name="publisheddocument",
            name="texts",
            field=models.JSONField(default=list),
        ),
    ]
