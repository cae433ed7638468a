# ruff: noqa: S608 - the names of tables are the code's own
from hashlib import blake2b

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def fill(apps, schema_editor):
    """Make the rows of the orders and filters that there are, so lists need no rebuild."""
    if not getattr(settings, "WAGTAIL_I18N_ENABLED", False):
        return
    codes = [code for code, _ in getattr(settings, "WAGTAIL_CONTENT_LANGUAGES", None) or ()]
    if len(codes) < 2:
        return
    quote = schema_editor.connection.ops.quote_name

    def table(name):
        return quote(apps.get_model("wagtail_delivery", name)._meta.db_table)

    documents = table("PublishedDocument")
    parts = (
        ("DocumentOrder", "FallbackOrder", ("list", "typed"), ("value", "document_id")),
        ("DocumentFilter", "FallbackFilter", ("filter",), ("document_id",)),
    )
    for code in codes:
        # As `hashes.fallback_mask` makes it today.
        digest = blake2b(code.encode(), digest_size=8, person=b"fallback", usedforsecurity=False)
        mask = int.from_bytes(digest.digest(), "big", signed=True)
        for source, target, numbers, others in parts:
            # Exclusive or, for which the databases have no common operator.
            found = [f"(k.{name} | {mask}) - (k.{name} & {mask})" for name in numbers]
            found += [f"k.{name}" for name in others]
            with schema_editor.connection.cursor() as cursor:
                cursor.execute(
                    f"INSERT INTO {table(target)} ({', '.join((*numbers, *others))}) "
                    f"SELECT {', '.join(found)} FROM {documents} d "
                    f"JOIN {table(source)} k ON k.document_id = d.id "
                    "WHERE d.locale <> '' AND d.locale <> %s AND NOT EXISTS ("
                    f"SELECT 1 FROM {documents} o WHERE o.collection = d.collection "
                    "AND o.resource_id = d.resource_id AND o.locale = %s "
                    "AND o.expires_at IS NULL)",
                    [code, code],
                )


class Migration(migrations.Migration):
    dependencies = [
        ("wagtail_delivery", "0015_notify_of_changes"),
    ]

    operations = [
        migrations.CreateModel(
            name="FallbackFilter",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "filter", "document", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("filter", models.BigIntegerField()),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="fallback_filters",
                        to="wagtail_delivery.publisheddocument",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FallbackOrder",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "list", "value", "document", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("list", models.BigIntegerField()),
                ("typed", models.BigIntegerField(null=True)),
                ("value", models.BinaryField()),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="fallback_orders",
                        to="wagtail_delivery.publisheddocument",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("typed__isnull", False)),
                        fields=["typed", "value", "document"],
                        name="delivery_fallback_in_type",
                    )
                ],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
