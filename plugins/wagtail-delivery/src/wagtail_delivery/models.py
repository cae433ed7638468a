"""The store of the read side: documents, what they were made of, their addresses and their history.

Nothing here is edited by hand. Every row follows from published content and can be made again with
`manage.py delivery_rebuild`, but for past addresses (`Route`) and the change log (`Change`).
"""

from __future__ import annotations

from django.db import models

DEPENDENCY_KEY_LENGTH = 300


class PublishedDocument(models.Model):
    """One published thing in one locale, as the bytes that the API sends."""

    #: The part of the API that serves it: "pages", a snippet type's plural, or "site".
    collection = models.CharField(max_length=100)
    #: The translation key, or the primary key of what cannot be translated.
    resource_id = models.CharField(max_length=255)
    #: Language code; empty for what has no locale.
    locale = models.CharField(max_length=100)
    #: API type name, such as "profile_page".
    type = models.CharField(max_length=100)
    slug = models.CharField(max_length=255)
    #: Site that a page belongs to, as host:port; empty for snippets.
    site = models.CharField(max_length=300)
    #: Front-end path of a page; empty for snippets.
    path = models.TextField()
    #: The whole document as JSON; `translation_at` is where the value of `meta.translation`, its
    #: last member, begins, so that a fallback answer can replace it without parsing.
    body = models.BinaryField()
    translation_at = models.PositiveIntegerField()
    #: The card as JSON: what lists and other documents show of it.
    card = models.BinaryField()
    #: Strong validator without quotes; also `meta.version`.
    etag = models.CharField(max_length=32)
    #: Value of the Surrogate-Key header.
    surrogate_keys = models.TextField()
    #: When it stops being public even if nobody has withdrawn it yet.
    expires_at = models.DateTimeField(null=True)
    #: Where it came from, as "app.model:pk".
    source = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "resource_id", "locale"], name="delivery_document_identity"
            )
        ]
        indexes = [
            models.Index(fields=["collection", "slug", "locale"], name="delivery_document_slug"),
            models.Index(fields=["source"], name="delivery_document_source"),
        ]

    def __str__(self) -> str:
        return f"{self.collection}/{self.resource_id} {self.locale}"


class DocumentKey(models.Model):
    """A value by which documents are filtered or ordered.

    `value` is a byte string whose byte order is the order of the values (see `sort_keys`), so that
    both databases and every collation sort alike. What a list asks for beside that is copied from
    the document, so that an index has the items of a list in its order and no more are read than
    are shown.
    """

    document = models.ForeignKey(
        PublishedDocument, on_delete=models.CASCADE, related_name="keys", db_index=False
    )
    collection = models.CharField(max_length=100)
    locale = models.CharField(max_length=100)
    type = models.CharField(max_length=100)
    resource_id = models.CharField(max_length=255)
    name = models.CharField(max_length=100)
    value = models.BinaryField()

    class Meta:
        indexes = [
            models.Index(
                fields=["collection", "locale", "name", "value", "resource_id"],
                name="delivery_key_in_list",
            ),
            models.Index(
                fields=["collection", "locale", "type", "name", "value", "resource_id"],
                name="delivery_key_in_type",
            ),
            models.Index(fields=["document", "name"], name="delivery_key_of_document"),
        ]

    def __str__(self) -> str:
        return f"{self.name}={bytes(self.value)!r}"


class Dependency(models.Model):
    """One thing that a document was made of."""

    document = models.ForeignKey(
        PublishedDocument, on_delete=models.CASCADE, related_name="dependencies"
    )
    #: See `store.stored_keys` for longer keys.
    key = models.CharField(max_length=DEPENDENCY_KEY_LENGTH)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "key"], name="delivery_dependency_once")
        ]
        indexes = [models.Index(fields=["key"], name="delivery_dependency_key")]

    def __str__(self) -> str:
        return self.key


class Route(models.Model):
    """A front-end address, present or past, and what stands there now.

    A route whose document is elsewhere now is a redirect; one that has no document is gone (410).
    """

    site = models.CharField(max_length=300)
    path = models.TextField()
    #: SHA-256 of site and path: a path may be longer than an index takes.
    digest = models.CharField(max_length=64, unique=True)
    resource_id = models.CharField(max_length=255)
    locale = models.CharField(max_length=100)
    document = models.ForeignKey(
        PublishedDocument, on_delete=models.SET_NULL, null=True, related_name="routes"
    )
    #: Of an editor's redirect (`wagtail.contrib.redirects`), the address that it leads to; or where
    #: it leads to a page, what comes behind that page's path.
    target = models.TextField()
    permanent = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["resource_id", "locale"], name="delivery_route_resource")]

    def __str__(self) -> str:
        return f"{self.site}{self.path}"


class Change(models.Model):
    """One entry of the change log; `sequence` grows strictly in the order of commits."""

    UPSERT = "upsert"
    DELETE = "delete"

    sequence = models.BigAutoField(primary_key=True)
    action = models.CharField(max_length=10, choices=[(UPSERT, UPSERT), (DELETE, DELETE)])
    collection = models.CharField(max_length=100)
    resource_id = models.CharField(max_length=255)
    locale = models.CharField(max_length=100)
    type = models.CharField(max_length=100)
    path = models.TextField()
    #: The version that became public; empty for a deletion.
    etag = models.CharField(max_length=32)
    recorded_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.sequence} {self.action} {self.collection}/{self.resource_id} {self.locale}"
