from django.db import migrations, models

CHANNEL = 'wagtail_delivery_changes'


def create_trigger(apps, schema_editor):
    """On PostgreSQL, notify who listens of each transaction with entries of the change log."""
    if schema_editor.connection.vendor != 'postgresql':
        return
    table = apps.get_model('wagtail_delivery', 'Change')._meta.db_table
    schema_editor.execute(
        'CREATE OR REPLACE FUNCTION wagtail_delivery_notify() RETURNS trigger LANGUAGE plpgsql AS '
        f"$$ BEGIN PERFORM pg_notify('{CHANNEL}', ''); RETURN NULL; END $$"
    )
    schema_editor.execute(
        f'CREATE TRIGGER wagtail_delivery_notify AFTER INSERT ON {table} '
        'FOR EACH STATEMENT EXECUTE FUNCTION wagtail_delivery_notify()'
    )


def drop_trigger(apps, schema_editor):
    if schema_editor.connection.vendor != 'postgresql':
        return
    table = apps.get_model('wagtail_delivery', 'Change')._meta.db_table
    schema_editor.execute(f'DROP TRIGGER IF EXISTS wagtail_delivery_notify ON {table}')
    schema_editor.execute('DROP FUNCTION IF EXISTS wagtail_delivery_notify()')


class Migration(migrations.Migration):

    dependencies = [
        ('wagtail_delivery', '0014_counted_dependents'),
    ]

    operations = [
        migrations.AlterField(
            model_name='change',
            name='action',
            field=models.CharField(choices=[('upsert', 'upsert'), ('delete', 'delete'), ('pruned', 'pruned'), ('rearranged', 'rearranged')], max_length=10),
        ),
        migrations.RunPython(create_trigger, drop_trigger),
    ]
