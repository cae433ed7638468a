"""Says how texts will read once an Act expires, to whoever sets that."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.utils import quote
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.snippets.views.snippets import EditView

from cms.snippets.act_reference.citations import citations
from cms.snippets.models import Act

#: Texts that the message names.
NAMED = 5


#: Actions of the form after which its schedule takes effect.
PUBLISHING = ("publish", "submit", "restart-workflow")


class EditActView(EditView):
    """Edits an Act; a schedule by which it expires asks nobody for confirmation later."""

    def save_action(self) -> Any:
        response = super().save_action()
        is_new = "expire_at" in self.form.changed_data or self.action in PUBLISHING
        if is_new and self.form.cleaned_data.get("expire_at"):
            report_expiry(self.request, self.object)
        return response


def report_expiry(request: HttpRequest, act: Act) -> None:
    """Name the published texts that will read differently once `act` expires, if there are any."""
    stored = Act.objects.get(pk=act.pk)
    found = citations([stored], request.user)
    if not found:
        return
    names = [f"“{citation.text}”" for citation in found.listed[:NAMED]]
    more = len(found.listed) - len(names) + found.others
    if more:
        names.append(ngettext("%(count)d more", "%(count)d more", more) % {"count": more})
    text = _(
        "Once this Act expires, on %(date)s, readers will see these texts without it: %(texts)s."
    ) % {
        "date": date_format(localtime(act.expire_at), "DATETIME_FORMAT"),
        "texts": ", ".join(names),
    }
    address = reverse(Act.snippet_viewset.get_url_name("unpublish"), args=[quote(act.pk)])
    buttons = []
    if Act.snippet_viewset.permission_policy.user_has_permission(request.user, "publish"):
        buttons.append(messages.button(address, _("What readers will see")))
    messages.warning(request, text, buttons=buttons)
