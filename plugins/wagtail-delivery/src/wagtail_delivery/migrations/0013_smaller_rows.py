import django.db.models.deletion
from django.db import migrations, models


def forget_dependents(apps, schema_editor):
    """No document has dependencies until the rebuild, which compiles all that these would add."""
    rows = apps.get_model("wagtail_delivery", "PendingDependents").objects
    rows.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("wagtail_delivery", "0012_routes_by_number"),
    ]

    operations = [
        migrations.RunPython(forget_dependents, migrations.RunPython.noop),
        migrations.DeleteModel(name="DocumentKey"),
        migrations.DeleteModel(name="Dependency"),
        migrations.CreateModel(
            name="DocumentOrder",
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
                        related_name="orders",
                        to="wagtail_delivery.publisheddocument",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("typed__isnull", False)),
                        fields=["typed", "value", "document"],
                        name="delivery_order_in_type",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentFilter",
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
                        related_name="filters",
                        to="wagtail_delivery.publisheddocument",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Dependency",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "key", "document", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.BigIntegerField()),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="dependencies",
                        to="wagtail_delivery.publisheddocument",
                    ),
                ),
            ],
        ),
        migrations.RemoveField(model_name="publisheddocument", name="texts"),
        migrations.AddField(
            model_name="publisheddocument",
            name="texts",
            field=models.BinaryField(default=b""),
        ),
        migrations.RemoveIndex(model_name="publisheddocument", name="delivery_document_slug"),
        migrations.AddIndex(
            model_name="publisheddocument",
            index=models.Index(
                condition=models.Q(("collection", "pages"), _negated=True),
                fields=["collection", "slug", "locale"],
                name="delivery_document_slug",
            ),
        ),
        migrations.RemoveConstraint(model_name="route", name="delivery_route_once"),
        migrations.RemoveIndex(model_name="route", name="delivery_route_origin"),
        migrations.RemoveIndex(model_name="route", name="delivery_route_resource"),
        migrations.RemoveField(model_name="route", name="digest"),
        migrations.AddIndex(
            model_name="route",
            index=models.Index(
                condition=models.Q(("document", None)),
                fields=["resource_id"],
                name="delivery_route_resource",
            ),
        ),
        migrations.AddIndex(
            model_name="route",
            index=models.Index(fields=["address"], name="delivery_route_address"),
        ),
        migrations.AddIndex(
            model_name="route",
            index=models.Index(
                condition=models.Q(("origin", ""), _negated=True),
                fields=["origin"],
                name="delivery_route_origin",
            ),
        ),
    ]
