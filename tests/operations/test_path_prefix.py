"""Behind a proxy that serves the product below a path and removes it."""

from __future__ import annotations

from tests.operations.test_settings_modules import PRODUCTION, told_by

SCRIPT = """
import django, http, io, json
django.setup()
from django.conf import settings
from django.test import Client
client = Client(headers={"Host": "cms.example.org"})
login = client.get("/admin/", secure=True)
links = client.get("/api/v1/", secure=True).json()["links"]
from cms.wsgi import application
environ = {"PATH_INFO": "/api/v1/acts", "REQUEST_METHOD": "GET", "wsgi.input": io.BytesIO()}
refused = application.refuse(environ, http.HTTPStatus(414), "No.")[0]
print(json.dumps([settings.MEDIA_URL, settings.STATIC_URL, login["Location"], links, refused]))
"""


def test_all_addresses_begin_with_the_prefix(tmp_path):
    media, static, login, links, refused = told_by(
        SCRIPT, tmp_path, **PRODUCTION, PATH_PREFIX="/cms"
    )
    assert (media, static) == ("/cms/media/", "/cms/static/")
    assert login.startswith("/cms/admin/login/")
    assert links
    assert all("/cms/api/v1/" in str(link) for link in links.values())
    assert ["Content-Type", "application/problem+json"] in refused
