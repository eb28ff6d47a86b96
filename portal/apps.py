from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _
from django_tasks_db.apps import TasksAppConfig


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        """Make the rights of every app known by importing its permissions, and the portal's checks."""
        autodiscover_modules("permissions", "checks")


class BackgroundWorkConfig(TasksAppConfig):
    """The queue of background work, by a name that the admin can show."""

    default = False
    verbose_name = _("Bakgrundsarbete")  # type: ignore[assignment]
