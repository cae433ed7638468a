from __future__ import annotations

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """Runs the product: set-up, server, scheduler, demo accounts. It has no models."""

    name = "cms.operations"
    label = "operations"
