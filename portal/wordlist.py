"""The portal's own words and what they mean, as the page of help and the texts themselves explain them."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: tuple[tuple[Promise, Promise], ...] = (
    (_("Arbetsmaterial"), _("Det som inte är beslutat än. Bara de som deltar i planen ser det.")),
    (_("Avvikelse"), _("En aktivitet som är försenad eller avbruten.")),
    (_("Ej rapporterad"), _("Ingen har sagt hur det går i år. Det är inte samma sak som ej påbörjad.")),
    (_("Indikator"), _("Ett mått som visar om ett mål nås.")),
    (
        _("Kan ej bedömas"),
        _("Målet kan varken sägas vara uppnått eller inte, oftast för att ett värde saknas."),
    ),
    (_("Målvärde"), _("Det värde som ska nås ett visst år.")),
    (_("NKI"), _("Nöjd kund-index: hur nöjda företag är med kommunens service, från 0 till 100.")),
    (_("Preliminärt"), _("Framtaget, men kan komma att ändras.")),
    (_("Revidering"), _("Planen som den är beslutad för ett år.")),
    (_("Uppföljning"), _("Genomgången en gång om året av hur det har gått med planen.")),
    (_("Utfall"), _("Det värde som har mätts upp, för en kommun och ett år.")),
    (_("Utgångsvärde"), _("Värdet som utvecklingen jämförs med, där den började.")),
    (
        _("Utgåva"),
        _("Ett dokument som det publicerades. En rättelse blir en ny utgåva; den gamla finns kvar."),
    ),
    (_("Utmaning"), _("Det som kommunerna vill förändra, med sina mål och aktiviteter.")),
)
"""In Swedish order."""
