"""What is published in editions: a plan as decided for a year, and a year's follow-up of it."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Concat

from publishing.models import Publication


class DocumentQuerySet(models.QuerySet[Any]):
    """Rows of a plan and a year, each of which is a document by a name such as "4m/revidering/2016"."""

    BETWEEN: ClassVar[str]
    """What stands between the plan and the year in that name."""

    def named(self) -> Self:
        """Each with the name that its editions have, as its own `document` has it."""
        year = Cast("year", models.CharField())
        return self.annotate(document_name=Concat("plan__slug", Value(self.BETWEEN), year))

    def with_editions(self) -> Self:
        """Each with the number and the moment of the edition that holds; None without any."""
        editions = Publication.objects.filter(document=OuterRef("document_name")).order_by("-edition")
        return self.named().annotate(
            edition=Subquery(editions.values("edition")[:1]),
            edition_at=Subquery(editions.values("published_at")[:1]),
        )

    def without_edition(self) -> Self:
        """Those of which nothing has been published."""
        return self.named().filter(~Exists(Publication.objects.filter(document=OuterRef("document_name"))))
