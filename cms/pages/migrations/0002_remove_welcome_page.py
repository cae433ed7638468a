"""Take away the page "Welcome to your new Wagtail site!" and the site that shows it.

Both are made by Wagtail's own first migration. The home pages and the site of PERKESO take their
place when the content is loaded.
"""

from django.db import migrations


def remove_welcome_page(apps, schema_editor):
    """Delete the untouched plain page below the root; a page that anyone edited stays."""
    pages = apps.get_model("wagtailcore", "Page").objects.using(schema_editor.connection.alias)
    pages.filter(
        depth=2,
        numchild=0,
        slug="home",
        latest_revision__isnull=True,
        content_type__app_label="wagtailcore",
        content_type__model="page",
    ).delete()
    for root in pages.filter(depth=1):
        root.numchild = pages.filter(depth=2, path__startswith=root.path).count()
        root.save(update_fields=["numchild"])


class Migration(migrations.Migration):
    dependencies = [("pages", "0001_initial")]

    operations = [migrations.RunPython(remove_welcome_page, migrations.RunPython.noop)]
