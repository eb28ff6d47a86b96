"""Every address of the site."""

from django.contrib import admin
from django.urls import path

from portal.health import health

urlpatterns = [
    path("halsa/", health, name="health"),
    path("admin/", admin.site.urls),
]
