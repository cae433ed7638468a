"""A real example of each content type, for the OpenAPI document.

It lies beside the model, as `api_examples/<type>.json` in the model's app: a document as the API
gave it. A type without one has none in the description.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.apps import apps

from cms.headless.content_types import ContentType

FOLDER = "api_examples"


def example_path(content_type: ContentType) -> Path:
    """Where the example of `content_type` lies, or would."""
    app = apps.get_app_config(content_type.model._meta.app_label)
    return Path(app.path) / FOLDER / f"{content_type.name}.json"


def example_of(content_type: ContentType) -> Any:
    """The example document of `content_type`; None where the project has none."""
    path = example_path(content_type)
    if not path.is_file():
        return None
    return json.loads(path.read_text(encoding="utf-8"))
