import zlib
from hashlib import blake2b

from django.db import migrations, models

CHUNK = 500


def fill_addresses(apps, schema_editor):
    """Give each route the number of its address, as `hashes.address_hash` makes it today."""

    def number(route):
        name = f"{route.site}\0{route.path}".encode("utf-8", "surrogatepass")
        digest = blake2b(name, digest_size=8, person=b"address", usedforsecurity=False)
        route.address = int.from_bytes(digest.digest(), "big", signed=True)

    routes = _rows(apps, schema_editor, "Route").only("site", "path")
    _update(routes, number, "address")


def compress_bodies(apps, schema_editor):
    """Compress what `models.CompressedField` takes for compressed from now on."""

    def compress(row):
        row.body = zlib.compress(bytes(row.body))

    for model in ("PublishedDocument", "FallbackBody"):
        _update(_rows(apps, schema_editor, model).only("body"), compress, "body")


def _rows(apps, schema_editor, model):
    model = apps.get_model("wagtail_delivery", model)
    return model.objects.using(schema_editor.connection.alias).order_by("pk")


def _update(rows, change, column):
    last = 0
    while chunk := list(rows.filter(pk__gt=last)[:CHUNK]):
        for row in chunk:
            change(row)
        rows.bulk_update(chunk, [column])
        last = chunk[-1].pk


class Migration(migrations.Migration):
    dependencies = [
        ("wagtail_delivery", "0011_told_publications"),
    ]

    operations = [
        migrations.AddField(
            model_name="route",
            name="address",
            field=models.BigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.RunPython(fill_addresses, migrations.RunPython.noop),
        migrations.RunPython(compress_bodies, migrations.RunPython.noop),
    ]
