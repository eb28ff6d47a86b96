"""What is in an archive and what never is: the one table of both, over every model that there is.

The sentences are read in the archive itself, so they are Swedish and stand as they are kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from simple_history.exceptions import NotHistoricalModelError
from simple_history.utils import get_history_model_for_model

from publishing.models import Publication

TABLES = "tabeller"
LOGS = "loggar"
"""The folders of the tables, and of the logs of their changes."""

EXPORTED = {
    "municipalities.Organisation": "Organisationer som äger planer, beslutar eller ansvarar för något.",
    "municipalities.User": "Personer som har eller har haft konto, så att det syns vem som har sagt vad.",
    "municipalities.Membership": "Vilken roll en person har i en organisation.",
    "municipalities.Invitation": "Vilka roller någon har bjudits in till, av vem och vad det blev av det.",
    "actionplan.Plan": "Styrdokumenten, över alla sina år.",
    "actionplan.Indicator": "Det som mäts. En indikator lever längre än revideringar och planer.",
    "actionplan.SeriesBreak": "Från vilket år en indikator mäts på ett nytt sätt.",
    "actionplan.Revision": "En plan så som den gäller ett visst år: fastställd, eller arbetsmaterial.",
    "actionplan.Area": "Grupper av utmaningar, i planer som har sådana.",
    "actionplan.Chapter": "Löpande text i en revidering.",
    "actionplan.Challenge": "Planens huvudindelning: vad som ska förändras, varför och hur.",
    "actionplan.Goal": "Det som ska uppnås.",
    "actionplan.YearlyTarget": "Värdet som ett mål ska nå ett visst år, och hur det jämförs.",
    "actionplan.Activity": "Det som ska göras, och när.",
    "actionplan.Responsibility": "Vilka organisationer som ansvarar för en aktivitet.",
    "actionplan.Term": "Ord i planen och vad de betyder.",
    "actionplan.Decision": "En kommuns eget beslut om en revidering, där var och en beslutar för sig.",
    "actionplan.Ending": "Aktiviteter i den förra revideringen som inte förs vidare, och varför.",
    "actionplan.KnownTable": "Hur tabeller från andra system har lästs in i en plan.",
    "followup.FollowUp": "Hur det gick med en plan ett år, från öppning till publicering.",
    "followup.Assignment": "Vem som rapporterar en aktivitet när ingen ansvarig kan.",
    "followup.StatusReport": "Lägesrapporter. Den med högst nummer gäller, de andra står kvar.",
    "followup.ChallengeReview": "Årets text om en utmaning. Den med högst nummer gäller.",
    "followup.GoalAssessment": "Bedömningar av mål. Den med högst nummer gäller.",
    "followup.Outcome": "Uppmätta värden, eller varför värdet saknas. Det med högst nummer gäller.",
    "followup.ComparedArea": "Områden som en plan visar sina utfall bredvid, så som de hette i Kolada.",
    "followup.ComparedValue": "Områdenas värden i Kolada. Det med högst nummer gäller.",
    "followup.Notice": "Vilka mejl om en uppföljning som har skickats, till vem och när.",
    "publishing.Publication": "Det som har offentliggjorts, så som det frystes. Varje utgåva har två filer.",
    "portal.AccessibilityStatement": "Portalens tillgänglighetsredogörelse.",
}
"""What is written, table by table, and what each is. With it go its log and its lists of others."""

SIGNING_IN = "Behövs bara för att logga in, och följer inte med någonstans."
DJANGOS_OWN = "Uppgifter som ramverket Django gör själv. Portalen använder dem inte."

LEFT_OUT = {
    "portal.AccessibilityReport": "Vad besökare inte kunnat använda, med adresser. Gallras efter ett år.",
    "exchange.Upload": "Filer på väg in. De glöms efter ett dygn, och det som läses in av dem finns här.",
    "publishing.Rendering": "PDF:er av arbetsmaterial. De glöms efter två dygn och kan göras om.",
    "municipalities.Municipality": "Kommunerna står bland organisationerna.",
    "admin.LogEntry": "Vad som gjorts på administrationssidorna. Ändringarna står i loggarna.",
    "auth.Permission": DJANGOS_OWN,
    "auth.Group": DJANGOS_OWN,
    "auth.Group_permissions": DJANGOS_OWN,
    "contenttypes.ContentType": DJANGOS_OWN,
    "sessions.Session": "Inloggningar som pågår. Den som läser dem kan ta över dem.",
    "usersessions.UserSession": "Inloggningar som pågår, med nätadresser.",
    "account.EmailAddress": SIGNING_IN,
    "account.EmailConfirmation": SIGNING_IN,
    "socialaccount.SocialApp": SIGNING_IN,
    "socialaccount.SocialAccount": SIGNING_IN,
    "socialaccount.SocialToken": SIGNING_IN,
    "mfa.Authenticator": "Andra steget vid inloggning: hemligheter, passnycklar och reservkoder.",
    "django_tasks_database.DBTaskResult": "Bakgrundsarbete i kö, med mejl som väntar på att skickas.",
}
"""What is never written, and why."""

COLUMNS_LEFT_OUT = {
    "municipalities.User": {
        "password": SIGNING_IN,
        "last_login": SIGNING_IN,
        "email": "Adressen är till för att logga in och få mejl, inte för att visa vem som sagt vad.",
    },
    "municipalities.Invitation": {
        "email": "Adressen är till för att skicka inbjudan, och tas bort när den är besvarad.",
    },
}
"""What isn't written of the tables that are."""

NO_MODELS = {
    "cache": "Räknare av misslyckade inloggningar, och annat som snart är glömt.",
    "django_migrations": "Vilka ändringar av tabellerna som är gjorda. De senaste står i datapackage.json.",
}
"""Tables of the database that belong to no model, and why they aren't written."""


@dataclass(frozen=True)
class Kept:
    """A table that is written: of which model, in which folder, what it is called and what it is."""

    model: type[models.Model]
    folder: str
    title: str
    says: str = ""

    @property
    def name(self) -> str:
        return self.model._meta.db_table

    @property
    def is_log(self) -> bool:
        return self.folder == LOGS

    @property
    def is_editions(self) -> bool:
        return self.model is Publication


def kept_tables() -> list[Kept]:
    """Every table that is written, in the order of the archive: what there is, and then what was changed."""
    kept = [each for label, says in EXPORTED.items() for each in with_lists(apps.get_model(label), says)]
    return [*kept, *(log for label in EXPORTED for log in logs_of(apps.get_model(label)))]


def with_lists(model: type[models.Model], says: str) -> Iterator[Kept]:
    """The model's table, and those that say which others each of its rows has."""
    title = str(model._meta.verbose_name_plural)
    yield Kept(model, TABLES, title, says)
    for field in model._meta.many_to_many:
        through: Any = field.remote_field.through
        if through._meta.auto_created:
            yield Kept(through, TABLES, f"{title}: {field.verbose_name}")


def logs_of(model: type[models.Model]) -> Iterator[Kept]:
    """What was changed in the model's table, and in its lists of others."""
    try:
        log = get_history_model_for_model(model)
    except NotHistoricalModelError:
        return
    title = f"ändringar av {model._meta.verbose_name_plural}"
    yield Kept(log, LOGS, title)
    for relation in log._meta.related_objects:
        yield Kept(relation.related_model, LOGS, f"{title}: vilka som stod i listan")
