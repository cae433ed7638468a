"""Remove Wagtail's example groups and workflow, and rename the roots of trees in Malay.

Wagtail's own migrations create them with English names; the product has groups of its own. This is
no migration of the pages' app, because wagtail-localize reads each of those as a change of the
pages' fields and warns translators.
"""

from django.db import migrations

GROUPS = ("Editors", "Moderators")
EXAMPLE = "Moderators approval"


def remove_examples(apps, schema_editor):
    """Delete unused examples; keep a group with members and a workflow that was ever started."""
    alias = schema_editor.connection.alias

    def rows(app, model):
        return apps.get_model(app, model).objects.using(alias)

    rows("wagtailcore", "Page").filter(depth=1, title="Root").update(
        title="Akar", draft_title="Akar"
    )
    rows("wagtailcore", "Collection").filter(depth=1, name="Root").update(name="Akar")
    workflows = rows("wagtailcore", "Workflow").filter(name=EXAMPLE)
    used = rows("wagtailcore", "WorkflowState").filter(workflow__in=workflows)
    if not used.exists():
        workflows.delete()
        tasks = rows("wagtailcore", "GroupApprovalTask").filter(name=EXAMPLE)
        if not rows("wagtailcore", "WorkflowTask").filter(task__in=tasks.values("pk")).exists():
            tasks.delete()
    tasks = rows("wagtailcore", "GroupApprovalTask")
    for group in rows("auth", "Group").filter(name__in=GROUPS, user__isnull=True):
        if not tasks.filter(groups=group).exists():
            group.delete()


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [migrations.RunPython(remove_examples, migrations.RunPython.noop)]
