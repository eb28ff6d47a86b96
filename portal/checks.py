"""What must hold where real people use the portal, besides what Django's own checks cover.

`manage.py check --deploy --fail-level ERROR` runs them, as the compose file does before it migrates. They are
for whoever runs the portal, and as plain as what the settings say when a variable is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

YEAR = 365 * 24 * 60 * 60
PASSWORD_LENGTH = 12
PASSWORD_RULES = ("municipalities.passwords.OfSensibleLength", "municipalities.passwords.NotEasyToGuess")
OF_ONE_PROCESS = ("locmem", "dummy", "filebased")
MAIL_THAT_GOES_NOWHERE = ("console", "dummy", "filebased", "locmem")
TIME_OUTS = ("statement_timeout", "lock_timeout")

Problems = Iterator[tuple[str, str]]
"""What is wrong, and what to do about it."""


def check(
    number: int, level: type[Error] | type[Warning] = Error
) -> Callable[[Callable[[], Problems]], Callable[..., list[CheckMessage]]]:
    """Makes a check of Django's, named portal.E001 and on, out of a function that tells what is wrong.

    A warning, named with a W, doesn't stop the start.
    """
    name = f"portal.{level.__name__[0]}{number:03}"

    def as_check(find: Callable[[], Problems]) -> Callable[..., list[CheckMessage]]:
        def found(app_configs: Any = None, **options: Any) -> list[CheckMessage]:
            return [level(what, hint=hint, id=name) for what, hint in find()]

        register(found, Tags.security, deploy=True)
        return found

    return as_check


@check(1)
def hosts() -> Problems:
    for host in settings.ALLOWED_HOSTS:
        if "*" in host or host.startswith("."):
            yield (
                f"ALLOWED_HOSTS innehåller {host}, som släpper in värdnamn som inte är portalens.",
                "Räkna upp portalens namn ett för ett.",
            )
    for origin in settings.CSRF_TRUSTED_ORIGINS:
        if "*" in origin or not origin.startswith("https://"):
            yield (
                f"CSRF_TRUSTED_ORIGINS innehåller {origin}, som låter andra webbplatser skicka formulär.",
                "Räkna upp webbplatserna en för en, med https://.",
            )


@check(2)
def https_for_a_year() -> Problems:
    if settings.SECURE_HSTS_SECONDS < YEAR or not settings.SECURE_HSTS_INCLUDE_SUBDOMAINS:
        yield (
            "Webbläsare får inte veta att portalen i minst ett år bara nås med https.",
            f"SECURE_HSTS_SECONDS ska vara minst {YEAR}, och SECURE_HSTS_INCLUDE_SUBDOMAINS sann.",
        )


@check(3)
def password_rules() -> Problems:
    rules: Any = settings.AUTH_PASSWORD_VALIDATORS
    lengths = [
        rule.get("OPTIONS", {}).get("min_length", 8)
        for rule in rules
        if rule["NAME"].endswith(".MinimumLengthValidator")
    ]
    if max(lengths, default=0) < PASSWORD_LENGTH:
        yield (
            f"Lösenord får vara kortare än {PASSWORD_LENGTH} tecken.",
            "AUTH_PASSWORD_VALIDATORS ska ha MinimumLengthValidator med den längden.",
        )
    for name in PASSWORD_RULES:
        if name not in [rule["NAME"] for rule in rules]:
            yield (
                f"Lösenord prövas inte av {name}.",
                "AUTH_PASSWORD_VALIDATORS ska ha den: utan den kan lösenord vara lätta att gissa.",
            )


@check(4)
def second_step() -> Problems:
    if not settings.REQUIRE_MFA:
        yield (
            "Den som får skriva behöver inte logga in i två steg.",
            "Ta bort REQUIRE_MFA=0 ur miljön.",
        )


@check(5)
def shared_cache() -> Problems:
    backend = settings.CACHES["default"]["BACKEND"]
    if any(word in backend for word in OF_ONE_PROCESS):
        yield (
            f"Cachen ({backend}) delas inte mellan portalens processer.",
            "Misslyckade inloggningar räknas där. Använd databasen, som portalen gör från början.",
        )


@check(6)
def database_time_outs() -> Problems:
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        return
    options = database.get("OPTIONS", {})
    missing = [name for name in TIME_OUTS if name not in options.get("options", "")]
    if not options.get("connect_timeout"):
        missing.append("connect_timeout")
    if missing:
        yield (
            f"En databas som hänger sig får portalen att vänta utan slut: {', '.join(missing)} saknas.",
            "Ta bort options och connect_timeout ur DATABASE_URL, så gäller portalens egna gränser.",
        )


@check(7, Warning)
def database() -> Problems:
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        yield (
            "Databasen är SQLite, som är till för att pröva: den som skriver får vänta på andra.",
            "Sätt DATABASE_URL till en PostgreSQL: postgresql://användare:lösenord@värd:5432/databas",
        )


@check(8)
def secret_keys() -> Problems:
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        if len(key) < 50 or len(set(key)) < 10 or key.startswith("minst-femtio"):
            yield (
                "SECRET_KEY, eller en äldre i SECRET_KEY_FALLBACKS, går att gissa.",
                "Den ska vara minst femtio slumpvis valda tecken.",
            )


@check(9)
def mail() -> Problems:
    if any(f".{word}." in settings.EMAIL_BACKEND for word in MAIL_THAT_GOES_NOWHERE):
        yield (
            "Mejl skickas inte till någon: inbjudningar och nya lösenord kommer aldrig fram.",
            "Sätt EMAIL_URL till en mejlserver, till exempel smtp+tls://konto:hemligt@smtp.example.se:587",
        )


@check(10)
def log_in_services() -> Problems:
    for service in settings.OIDC_PROVIDERS:
        for address in (service.server, *service.origins):
            if not address.startswith("https://"):
                yield (
                    f"Inloggningstjänsten {service.id} nås utan https: {address}",
                    "Rätta server och origins i OIDC_PROVIDERS.",
                )


@check(11)
def debug() -> Problems:
    if settings.DEBUG:
        yield (
            "Felsidor visar kod och hemligheter (DEBUG).",
            "Sätt PRODUCTION=1, och ta bort DEBUG ur miljön.",
        )


@check(12)
def cookies() -> Problems:
    cookies = {
        settings.SESSION_COOKIE_NAME: (settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY),
        settings.CSRF_COOKIE_NAME: (settings.CSRF_COOKIE_SECURE, settings.CSRF_COOKIE_HTTPONLY),
    }
    for name, safe in cookies.items():
        if not name.startswith("__Host-") or not all(safe):
            yield (
                f"Kakan {name} är inte låst till portalen, till https och från skript.",
                "Sätt PRODUCTION=1.",
            )


@check(13, Warning)
def proxies() -> Problems:
    if settings.TRUSTED_PROXIES < 1:
        yield (
            "Alla besökare tas för en enda: de räknas på proxyns adress (TRUSTED_PROXIES är 0).",
            "Sätt TRUSTED_PROXIES till hur många proxyer som står framför portalen, oftast 1.",
        )


@check(14)
def kolada() -> Problems:
    if not settings.KOLADA_URL.startswith("https://"):
        yield (
            f"Kolada nås utan https, så att andra kan byta ut utfallen på vägen: {settings.KOLADA_URL}",
            "Ta bort KOLADA_URL ur miljön, eller skriv den med https://.",
        )


@check(15, Warning)
def publisher() -> Problems:
    if settings.PUBLISHER is None:
        yield (
            "Öppna data har ingen katalog: ingen utgivare är angiven.",
            "Sätt PUBLISHER_NAME, PUBLISHER_URI och PUBLISHER_EMAIL, så kan Sveriges dataportal skörda dem.",
        )
