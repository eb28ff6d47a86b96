from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_out
from django.utils.translation import gettext_lazy as _


class MunicipalitiesConfig(AppConfig):
    name = "municipalities"
    verbose_name = _("Organisationer och användare")

    def ready(self) -> None:
        from municipalities.signing_in.noting import note_logging_out

        user_logged_out.connect(note_logging_out)
