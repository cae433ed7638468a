from hashlib import blake2b

from django.db import migrations, models

CHUNK = 1000


def add_own_keys(apps, schema_editor):
    """Give each document the key that stands for itself, as `surrogate_keys` makes it today."""
    documents = apps.get_model("wagtail_delivery", "PublishedDocument").objects.using(
        schema_editor.connection.alias
    )
    columns = documents.only("collection", "resource_id", "surrogate_keys").order_by("pk")
    last = 0
    while chunk := list(columns.filter(pk__gt=last)[:CHUNK]):
        for document in chunk:
            name = f"{document.collection}/{document.resource_id}".encode()
            own = blake2b(name, digest_size=6, usedforsecurity=False).hexdigest()
            document.surrogate_keys = f"{own} {document.surrogate_keys}".rstrip()
        documents.bulk_update(chunk, ["surrogate_keys"])
        last = chunk[-1].pk


class Migration(migrations.Migration):
    dependencies = [
        ("wagtail_delivery", "0008_pending_dependents"),
    ]

    operations = [
        migrations.CreateModel(
            name="PurgeTarget",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=255, unique=True)),
                ("sequence", models.BigIntegerField()),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("not_before", models.DateTimeField(null=True)),
                ("failure", models.TextField(default="")),
            ],
        ),
        migrations.AddField(
            model_name="change",
            name="slugs",
            field=models.JSONField(default=list),
        ),
        migrations.RunPython(add_own_keys, migrations.RunPython.noop),
    ]
