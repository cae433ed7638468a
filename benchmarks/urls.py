"""The product's URLs, and Wagtail's own APIs under /stock-v2/ and /stock-v3/."""

from __future__ import annotations

from django.urls import path
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import PagesAPIViewSet
from wagtail.api.v3.urls import api

from cms.urls import urlpatterns as product

stock = WagtailAPIRouter("stock")
stock.register_endpoint("pages", PagesAPIViewSet)

urlpatterns = [path("stock-v2/", stock.urls), path("stock-v3/", api.urls), *product]
