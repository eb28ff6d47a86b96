"""Whether the portal can serve: asked by proxies and containers every few seconds."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers, otherwise 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("Databasen svarar inte.\n", content_type="text/plain; charset=utf-8", status=503)
    return HttpResponse("OK\n", content_type="text/plain; charset=utf-8")
