"""The delivery store: documents, their dependencies, their routes and the change log.

Nothing here is edited by hand. `manage.py delivery_rebuild` derives every row from published
content again, except past addresses (`Route`) and the change log (`Change`).
"""

from __future__ import annotations

import zlib
from typing import Any

from django.db import models

from wagtail_delivery.identifiers import PAGES

STORED_KEY_LENGTH = 300


class BytesField(models.BinaryField):  # type: ignore[type-arg]
    """Bytes that can be compared: the drivers give memoryviews, and Django sorts primary keys."""

    def deconstruct(self) -> Any:
        """As a BinaryField: migrations know what the database holds, not what that means."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.BinaryField", args, kwargs

    def from_db_value(self, value: Any, *_: Any) -> bytes | None:
        return None if value is None else bytes(value)


class CompressedField(BytesField):
    """Bytes that the database holds compressed; queries in SQL have to `decompress` them."""

    def from_db_value(self, value: Any, *_: Any) -> bytes | None:
        return None if value is None else decompress(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        stored = None if value is None else zlib.compress(bytes(value))
        return super().get_db_prep_value(stored, connection, prepared)


def decompress(stored: Any) -> bytes:
    """The value of a `CompressedField` from what the database holds."""
    return zlib.decompress(stored)


class PublishedDocument(models.Model):
    """One published page, snippet or site in one locale, as the bytes that the API sends."""

    #: The part of the API that serves the document: "pages", a snippet type's plural, or "site".
    collection = models.CharField(max_length=100)
    #: The translation key, or the primary key if the model is not translatable.
    resource_id = models.CharField(max_length=255)
    #: Language code; empty for content without a locale.
    locale = models.CharField(max_length=100)
    #: API type name, such as "profile_page".
    type = models.CharField(max_length=100)
    slug = models.CharField(max_length=255)
    #: Site of a page, as host:port; empty for snippets.
    site = models.CharField(max_length=300)
    #: Front-end path of a page; empty for snippets.
    path = models.TextField()
    #: The whole document as JSON. `translation_at` is the offset of the value of
    #: `meta.translation`, its last member: a fallback response replaces that without parsing.
    body = CompressedField()
    translation_at = models.PositiveIntegerField()
    #: The card as JSON, for lists and other documents.
    card = models.BinaryField()
    #: Strong validator without quotes; also `meta.version`.
    etag = models.CharField(max_length=32)
    #: Value of the Surrogate-Key header.
    surrogate_keys = models.TextField()
    #: Where its own texts are, as `store.texts` packs that.
    texts = models.BinaryField(default=b"")
    #: From then on the document is not public, even if it has not been withdrawn yet.
    expires_at = models.DateTimeField(null=True)
    #: Since when there is a document, and since when it is as it is now. Empty in older rows.
    public_since = models.DateTimeField(null=True)
    version_since = models.DateTimeField(null=True)
    #: The instance it was compiled from, as "app.model:pk".
    source = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "resource_id", "locale"], name="delivery_document_identity"
            )
        ]
        indexes = [
            # Nobody asks for a page by its slug.
            models.Index(
                fields=["collection", "slug", "locale"],
                condition=~models.Q(collection=PAGES),
                name="delivery_document_slug",
            ),
            models.Index(fields=["source"], name="delivery_document_source"),
        ]

    def __str__(self) -> str:
        return f"{self.collection}/{self.resource_id} {self.locale}"


class FallbackBody(models.Model):
    """A document with content in a fallback locale in place of what it leaves out."""

    document = models.ForeignKey(
        PublishedDocument, on_delete=models.CASCADE, related_name="fallbacks"
    )
    #: Language code of the fallback.
    locale = models.CharField(max_length=100)
    body = CompressedField()
    translation_at = models.PositiveIntegerField()
    etag = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "locale"], name="delivery_fallback_once")
        ]

    def __str__(self) -> str:
        return f"{self.document} or {self.locale}"


class DocumentOrder(models.Model):
    """The value by which a list orders a document.

    `value` is a byte string whose byte order is the order of the values (see `sort_keys`), so both
    databases sort alike under any collation. Equal values are ordered by document. The index of the
    primary key holds the items of a list in order, and a query reads no more of them than the
    response shows.
    """

    pk = models.CompositePrimaryKey("list", "value", "document")
    #: See `hashes.list_hash`.
    list = models.BigIntegerField()
    #: Of a page, the list of its type in the same order.
    typed = models.BigIntegerField(null=True)
    value = BytesField()
    document = models.ForeignKey(PublishedDocument, on_delete=models.CASCADE, related_name="orders")

    class Meta:
        indexes = [
            models.Index(
                fields=["typed", "value", "document"],
                condition=models.Q(typed__isnull=False),
                name="delivery_order_in_type",
            )
        ]

    def __str__(self) -> str:
        return f"{self.list}: {bytes(self.value)!r}"


class DocumentFilter(models.Model):
    """A value of a filter that a document has."""

    pk = models.CompositePrimaryKey("filter", "document")
    #: See `hashes.filter_hash`.
    filter = models.BigIntegerField()
    document = models.ForeignKey(
        PublishedDocument, on_delete=models.CASCADE, related_name="filters"
    )

    def __str__(self) -> str:
        return str(self.filter)


class FallbackOrder(models.Model):
    """A `DocumentOrder` of a document that a list may show in place of another locale's.

    A document has these rows for each locale of the content in which its item has no document, or
    one that expires: from that moment on the list shows this one. So the fallback part of a list
    is read like any list, however many of its items are translated. `store.fallback_rows` derives
    them from the orders in the transaction that changes either.
    """

    pk = models.CompositePrimaryKey("list", "value", "document")
    #: See `hashes.fallback_hash`.
    list = models.BigIntegerField()
    typed = models.BigIntegerField(null=True)
    value = BytesField()
    document = models.ForeignKey(
        PublishedDocument, on_delete=models.CASCADE, related_name="fallback_orders"
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["typed", "value", "document"],
                condition=models.Q(typed__isnull=False),
                name="delivery_fallback_in_type",
            )
        ]

    def __str__(self) -> str:
        return f"{self.list}: {bytes(self.value)!r}"


class FallbackFilter(models.Model):
    """A `DocumentFilter` of a document that a list may show in place of another locale's."""

    pk = models.CompositePrimaryKey("filter", "document")
    #: See `hashes.fallback_hash`.
    filter = models.BigIntegerField()
    document = models.ForeignKey(
        PublishedDocument, on_delete=models.CASCADE, related_name="fallback_filters"
    )

    def __str__(self) -> str:
        return str(self.filter)


class Dependency(models.Model):
    """One dependency of a document."""

    pk = models.CompositePrimaryKey("key", "document")
    #: See `hashes.dependency_hash`.
    key = models.BigIntegerField()
    document = models.ForeignKey(
        PublishedDocument, on_delete=models.CASCADE, related_name="dependencies"
    )

    def __str__(self) -> str:
        return str(self.key)


class PublishedFile(models.Model):
    """A stored file whose address is in a document."""

    document = models.ForeignKey(PublishedDocument, on_delete=models.CASCADE, related_name="files")
    #: The file's name in its storage; `store.stored_keys` shortens longer names.
    name = models.CharField(max_length=STORED_KEY_LENGTH)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "name"], name="delivery_file_once")
        ]
        indexes = [models.Index(fields=["name"], name="delivery_file_name")]

    def __str__(self) -> str:
        return self.name


class Route(models.Model):
    """A present or past front-end address, and the document it leads to.

    A page has a route for every address that it ever had in public, and each editors' redirect has
    its own. Where several have the same address, `api.views.resolve` decides.

    A route whose document has another address now is a redirect; one without a document is gone
    (410).
    """

    site = models.CharField(max_length=300)
    #: The canonical path (`addresses`); of a redirect, with its query.
    path = models.TextField()
    #: See `hashes.address_hash`: a path can be too long for an index.
    address = models.BigIntegerField()
    #: What the route belongs to: a page whose address it is or was (""), a redirect
    #: ("redirect:<pk>"), or the sites ("home").
    origin = models.CharField(max_length=40)
    #: See `identifiers.Rank`.
    rank = models.PositiveSmallIntegerField()
    resource_id = models.CharField(max_length=255)
    locale = models.CharField(max_length=100)
    document = models.ForeignKey(
        PublishedDocument, on_delete=models.SET_NULL, null=True, related_name="routes"
    )
    #: Of an editor's redirect (`wagtail.contrib.redirects`), its target address; if the target is a
    #: page, the part after that page's path.
    target = models.TextField()
    permanent = models.BooleanField(default=True)

    class Meta:
        indexes = [
            models.Index(fields=["address"], name="delivery_route_address"),
            # All others are found by their document.
            models.Index(
                fields=["resource_id"],
                condition=models.Q(document=None),
                name="delivery_route_resource",
            ),
            models.Index(
                fields=["origin"], condition=~models.Q(origin=""), name="delivery_route_origin"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site}{self.path}"


class ImagePlaceholder(models.Model):
    """A tiny version of an image, and whether it moves.

    Kept so that compiling reads nothing from the storage.
    """

    #: As "app.model:pk".
    image = models.CharField(max_length=300, unique=True)
    #: Name of the file that it was made from.
    file = models.CharField(max_length=255)
    is_opaque = models.BooleanField()
    #: Format of the file if it moves, such as "gif"; empty for a still image.
    animated_format = models.CharField(max_length=10)
    #: A data: URI.
    uri = models.TextField()

    def __str__(self) -> str:
        return self.image


class PendingImage(models.Model):
    """An image that was saved and whose files are to be made before a page needs them."""

    #: As "app.model:pk".
    image = models.CharField(max_length=300, unique=True)
    #: How often a worker has begun; a picture may need more memory than there is.
    attempts = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.image


class PendingDocument(models.Model):
    """A source whose documents are to be compiled again, because of something that they show.

    Written in the transaction of the change, and deleted in the one that compiles it.
    """

    #: As "app.model:pk" (see `store.sources`).
    source = models.CharField(max_length=300, unique=True)
    #: Whether something that it may show is no longer public. Such documents come first.
    is_withdrawal = models.BooleanField()
    #: The sources of what was published since the document was up to date, or the dependency keys
    #: of what has no document, each between two line breaks.
    causes = models.TextField()
    recorded_at = models.DateTimeField()
    #: How often a worker has begun. Only a document that fails, or ends the worker, has any left.
    attempts = models.PositiveSmallIntegerField(default=0)
    #: A worker leaves it alone until then.
    not_before = models.DateTimeField(null=True)
    #: Why the last attempt failed (`store.failures`); empty before the first.
    failure = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(fields=["attempts", "-is_withdrawal", "id"], name="delivery_pending_next")
        ]

    def __str__(self) -> str:
        return self.source


class PendingDependents(models.Model):
    """The documents that depend on something that changed and are not in the queue yet.

    Written in the transaction of the change if there are many. A worker adds them to the queue.
    """

    #: Dependency keys as they are stored.
    keys = models.JSONField()
    #: Sources that are not added, because they were compiled with the change.
    without = models.JSONField(default=list)
    #: The primary key of the last document that was added; 0 until a worker begins.
    after = models.BigIntegerField()
    #: How many are left; until a worker begins, at least so many.
    waiting = models.PositiveIntegerField(default=0)
    #: As of `PendingDocument`.
    is_withdrawal = models.BooleanField()
    causes = models.TextField()
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"What depends on {', '.join(self.causes.split())}"


class OverdueSchedule(models.Model):
    """A publish or an expiry that is due and was begun, and is not done.

    Written before the work, and deleted in the transaction that does it.
    """

    #: As "app.model:pk": the revision that is to be published, or what is to be unpublished.
    source = models.CharField(max_length=300, unique=True)
    #: The time of the schedule. With another one it is another schedule.
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    #: Nobody tries it again before then.
    not_before = models.DateTimeField()
    #: Why the last attempt failed, in the language of whoever is told; empty if it did not end.
    failure = models.TextField(default="")
    #: The failure that somebody was told of.
    told = models.TextField(default="")

    def __str__(self) -> str:
        return self.source


class Following(models.Model):
    """How many other documents were to follow the last publish of something."""

    #: As "app.model:pk", or the dependency key of what has no document.
    source = models.CharField(max_length=300, unique=True)
    total = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.source}: {self.total}"


class FrontEndCheck(models.Model):
    """Whether the front-end shows a page as it was published last."""

    OTHER_VERSION = "other version"
    NO_VERSION = "no version"
    NOT_THERE = "not there"
    REDIRECT = "redirect"
    UNREACHABLE = "unreachable"
    PROBLEMS = (OTHER_VERSION, NO_VERSION, NOT_THERE, REDIRECT, UNREACHABLE)

    document = models.OneToOneField(
        PublishedDocument, on_delete=models.CASCADE, related_name="front_end_check"
    )
    published_at = models.DateTimeField()
    #: When the front-end is asked next; None once it has shown the version, or was given up.
    due_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    seen_at = models.DateTimeField(null=True)
    #: What the last answer was instead; empty before the first.
    problem = models.CharField(max_length=20, default="", choices=[(one, one) for one in PROBLEMS])

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="delivery_front_end_due")]

    def __str__(self) -> str:
        return f"{self.document_id}: {self.seen_at or self.problem}"

    @property
    def is_missed(self) -> bool:
        """Whether the front-end was given up without having shown the version."""
        return self.due_at is None and self.seen_at is None


class WorkerSign(models.Model):
    """When a worker last looked into the queue of documents; one row for all workers."""

    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.seen_at)


class PurgeTarget(models.Model):
    """How far a cache has been purged of what the change log has; see the setting PURGE."""

    #: Its name in the setting.
    name = models.CharField(max_length=255, unique=True)
    #: It has been purged of all entries up to this one.
    sequence = models.BigIntegerField()
    #: How often a worker has begun with the entries after it, in vain so far.
    attempts = models.PositiveIntegerField(default=0)
    #: Workers leave it alone until then.
    not_before = models.DateTimeField(null=True)
    #: Why the last attempt failed; empty before the first.
    failure = models.TextField(default="")

    def __str__(self) -> str:
        return self.name


class Change(models.Model):
    """One entry of the change log; `sequence` strictly increases in commit order."""

    UPSERT = "upsert"
    DELETE = "delete"
    #: Not a change: all entries up to this one have been removed. It is the first one then.
    PRUNED = "pruned"
    #: No document changed, but what the API answers: the order of a list, or where a redirect
    #: leads. For those who keep answers; `/changes` leaves it out.
    REARRANGED = "rearranged"
    ACTIONS = (UPSERT, DELETE, PRUNED, REARRANGED)

    sequence = models.BigAutoField(primary_key=True)
    action = models.CharField(max_length=10, choices=[(name, name) for name in ACTIONS])
    collection = models.CharField(max_length=100)
    resource_id = models.CharField(max_length=255)
    locale = models.CharField(max_length=100)
    type = models.CharField(max_length=100)
    #: The address that it has, or had until its deletion; empty for snippets.
    site = models.CharField(max_length=300, default="")
    path = models.TextField()
    #: Earlier addresses, each as [site, path], whose responses changed with this one.
    paths_before = models.JSONField(default=list)
    #: The version that became public; empty for a deletion.
    etag = models.CharField(max_length=32)
    #: In the API, before and now.
    slugs = models.JSONField(default=list)
    #: Of the responses that it concerns; see `surrogate_keys`.
    surrogate_keys = models.TextField(default="")
    #: From then on the document is not public, even if no deletion has been recorded yet.
    expires_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.sequence} {self.action} {self.collection}/{self.resource_id} {self.locale}"
