"""Keys know the type and the id of their document; the type itself is no key any more."""

from __future__ import annotations

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def copy_from_documents(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    document = apps.get_model("headless", "Document")
    keys = apps.get_model("headless", "DocumentKey").objects.using(schema_editor.connection.alias)
    of_document = document.objects.filter(pk=models.OuterRef("document"))
    keys.filter(collection="pages", name="type").delete()
    keys.update(
        type=models.Subquery(of_document.values("type")),
        resource_id=models.Subquery(of_document.values("resource_id")),
    )


class Migration(migrations.Migration):
    dependencies = [("headless", "0001_initial")]

    operations = [
        migrations.AddField(
            "documentkey", "type", models.CharField(max_length=100, default=""), preserve_default=False
        ),
        migrations.AddField(
            "documentkey",
            "resource_id",
            models.CharField(max_length=255, default=""),
            preserve_default=False,
        ),
        migrations.RunPython(copy_from_documents, migrations.RunPython.noop),
        migrations.RemoveIndex("documentkey", "headless_key_lookup"),
        migrations.AlterField(
            "documentkey",
            "document",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="keys",
                to="headless.document",
            ),
        ),
        migrations.AddIndex(
            "documentkey",
            models.Index(
                fields=["collection", "locale", "name", "value", "resource_id"],
                name="headless_key_in_list",
            ),
        ),
        migrations.AddIndex(
            "documentkey",
            models.Index(
                fields=["collection", "locale", "type", "name", "value", "resource_id"],
                name="headless_key_in_type",
            ),
        ),
        migrations.AddIndex(
            "documentkey",
            models.Index(fields=["document", "name"], name="headless_key_of_document"),
        ),
    ]
