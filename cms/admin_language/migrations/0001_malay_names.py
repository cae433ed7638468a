"""Take away Wagtail's example groups and workflow, and give roots of trees a Malay name.

They are made by Wagtail's own migrations with English names. Ours, with rights of their own, take
their place (`cms.editors.groups`). Not among the migrations of `cms.pages`: wagtail-localize takes each
of those for a change of the pages' fields, and warns translators.
"""

from django.db import migrations

GROUPS = ("Editors", "Moderators")
EXAMPLE = "Moderators approval"


def remove_examples(apps, schema_editor):
    """Delete what nobody uses; a group with members or a workflow that was begun stays."""
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
