"""Give organisations an identifier, as all other snippets have one."""

import hashlib
import json

from django.conf import settings
from django.db import migrations, models
from django.utils.text import slugify


def fill_slugs(apps, schema_editor):
    """Give each organisation the slug of its short name, the same in all languages.

    Its revisions and what its translations are made from get it too: else publishing an old draft or
    synchronising a translation would take it away, and every translation would count as stale.
    """
    using = schema_editor.connection.alias

    def rows(label):
        return apps.get_model(label).objects.using(using)

    kinds = rows("contenttypes.ContentType").filter(app_label="snippets", model="organisation")
    slugs = {}
    organisations = rows("snippets.Organisation").select_related("locale").order_by("pk")
    for organisation in sorted(
        organisations, key=lambda found: found.locale.language_code != settings.LANGUAGE_CODE
    ):
        words = organisation.short_name or organisation.name
        slug = slugs.setdefault(organisation.translation_key, slugify(words) or "organisation")
        if organisation.slug:
            continue
        organisation.slug = slug
        organisation.save(update_fields=["slug"])
        for revision in rows("wagtailcore.Revision").filter(
            content_type__in=kinds, object_id=str(organisation.pk)
        ):
            revision.content["slug"] = slug
            revision.save(update_fields=["content"])
    for source in rows("wagtail_localize.TranslationSource").filter(
        specific_content_type__in=kinds, object_id__in=slugs
    ):
        slug = slugs[source.object_id]
        source.content_json = json.dumps({**json.loads(source.content_json), "slug": slug})
        source.save(update_fields=["content_json"])
        for origin in rows("wagtail_localize_desk.TranslationOrigin").filter(log__source=source):
            digest = hashlib.sha256(json.dumps(slug).encode()).hexdigest()
            origin.source_digests["slug"] = digest
            origin.save(update_fields=["source_digests"])


class Migration(migrations.Migration):

    dependencies = [
        ('snippets', '0001_initial'),
        ('wagtailcore', '0098_apitoken'),
        ('wagtail_localize', '0016_rename_page_revision_translationlog_revision'),
        ('wagtail_localize_desk', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='organisation',
            name='slug',
            field=models.SlugField(blank=True, help_text='Short identifier by which front-ends ask for this, the same in all languages. Left empty, it is made from the title. Change it only with good reason: links use it.', max_length=100, verbose_name='identifier'),
        ),
        migrations.RunPython(fill_slugs, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.UniqueConstraint(fields=('locale', 'slug'), name='unique_organisation_slug'),
        ),
    ]
