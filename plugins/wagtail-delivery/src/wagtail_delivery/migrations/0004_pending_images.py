from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("wagtail_delivery", "0003_animated_images"),
    ]

    operations = [
        migrations.CreateModel(
            name="PendingImage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("image", models.CharField(max_length=300, unique=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
            ],
        ),
    ]
