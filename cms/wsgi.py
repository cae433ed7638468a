"""The WSGI application."""

import os
from http import HTTPStatus
from typing import Any

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.production")
django.setup(set_prefix=False)


class Application(WSGIHandler):
    """Django's application, which also answers for the API what the server refuses."""

    def refuse(
        self, environ: dict[str, Any], status: HTTPStatus, detail: str
    ) -> tuple[list[tuple[str, str]], bytes] | None:
        """The API's problem document, for a path of the API (see `cms.operations.refusals`)."""
        # Importing it needs the models.
        from wagtail_delivery.extending import refusal_response

        response = refusal_response(WSGIRequest(environ), status, detail)
        return None if response is None else (list(response.items()), response.content)


# Importing it needs the models.
from wagtail_delivery.extending import with_memory  # noqa: E402

application = with_memory(Application())
