"""What `check --deploy` says to whoever is about to let real people in."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import Tags, run_checks
from django.core.checks.registry import registry

from municipalities.signing_in.configuration import Service
from portal.open_data.publisher import EXAMPLE
from tests.repository.test_start import COMPLETE

ROOT = Path(__file__).parents[2]
POSTGRESQL = {"DATABASE_URL": "postgresql://portal:secret@database:5432/portal"}
PUBLISHER = {
    "PUBLISHER_NAME": "Kommunen",
    "PUBLISHER_URI": "http://dataportal.se/organisation/SE0000000000",
    "PUBLISHER_EMAIL": "oppnadata@kommunen.example.se",
}
YEAR = 365 * 24 * 60 * 60
LENGTH = "django.contrib.auth.password_validation.MinimumLengthValidator"
LONG = {"NAME": LENGTH, "OPTIONS": {"min_length": 12}}
SENSIBLE = {"NAME": "municipalities.passwords.OfSensibleLength"}
HARD_TO_GUESS = {"NAME": "municipalities.passwords.NotEasyToGuess"}
KEY = "7Yk3-mQ9z_Xw2Lr8Vt5Nb1Hc6Jd4Fs0GpRaEuIoBnMvCxZlKjTqWyPhSg"
IN_DATABASE = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
LIMITS = {"connect_timeout": 5, "options": "-c statement_timeout=30s -c lock_timeout=10s"}


def postgresql(**options: Any) -> dict[str, Any]:
    return {"default": {"ENGINE": "django.db.backends.postgresql", "OPTIONS": options}}


def service(**fields: Any) -> Service:
    values = {"server": "https://login.example.se", "origins": ("https://login.example.se",)} | fields
    return Service(
        id="a", name="A", organisation="a", client_id="portal", client_secret="-", **values
    )  # fmt: skip


RIGHT: dict[str, Any] = {
    "ALLOWED_HOSTS": ["portal.example.se", "127.0.0.1"],
    "CSRF_TRUSTED_ORIGINS": ["https://portal.example.se"],
    "SECURE_HSTS_SECONDS": YEAR,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    "AUTH_PASSWORD_VALIDATORS": [LONG, SENSIBLE, HARD_TO_GUESS],
    "REQUIRE_MFA": True,
    "CACHES": IN_DATABASE,
    "DATABASES": postgresql(**LIMITS),
    "SECRET_KEY": KEY,
    "SECRET_KEY_FALLBACKS": [KEY[::-1]],
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "OIDC_PROVIDERS": (service(),),
    "DEBUG": False,
    "SESSION_COOKIE_NAME": "__Host-sessionid",
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_NAME": "__Host-csrftoken",
    "CSRF_COOKIE_SECURE": True,
    "CSRF_COOKIE_HTTPONLY": True,
    "TRUSTED_PROXIES": 1,
    "PUBLISHER": EXAMPLE,
    "KOLADA_URL": "https://api.kolada.se/v3/",
}

WRONG = [
    ("portal.E001", "ALLOWED_HOSTS", ["*"]),
    ("portal.E001", "ALLOWED_HOSTS", ["portal.example.se", ".example.se"]),
    ("portal.E001", "ALLOWED_HOSTS", ["*.example.se"]),
    ("portal.E001", "CSRF_TRUSTED_ORIGINS", ["https://*.example.se"]),
    ("portal.E001", "CSRF_TRUSTED_ORIGINS", ["http://portal.example.se"]),
    ("portal.E002", "SECURE_HSTS_SECONDS", 0),
    ("portal.E002", "SECURE_HSTS_SECONDS", YEAR - 1),
    ("portal.E002", "SECURE_HSTS_INCLUDE_SUBDOMAINS", False),
    ("portal.E003", "AUTH_PASSWORD_VALIDATORS", [SENSIBLE, HARD_TO_GUESS]),
    ("portal.E003", "AUTH_PASSWORD_VALIDATORS", [{"NAME": LENGTH}, SENSIBLE, HARD_TO_GUESS]),
    ("portal.E003", "AUTH_PASSWORD_VALIDATORS", [LONG, SENSIBLE]),
    ("portal.E003", "AUTH_PASSWORD_VALIDATORS", [LONG, HARD_TO_GUESS]),
    ("portal.E004", "REQUIRE_MFA", False),
    ("portal.E005", "CACHES", {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}),
    ("portal.E005", "CACHES", {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}),
    (
        "portal.E005",
        "CACHES",
        {"default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache"}},
    ),
    ("portal.E006", "DATABASES", postgresql()),
    ("portal.E006", "DATABASES", postgresql(options=LIMITS["options"])),
    ("portal.E006", "DATABASES", postgresql(connect_timeout=5, options="-c statement_timeout=30s")),
    ("portal.E006", "DATABASES", postgresql(connect_timeout=5, options="-c lock_timeout=10s")),
    ("portal.W007", "DATABASES", {"default": {"ENGINE": "django.db.backends.sqlite3"}}),
    ("portal.E008", "SECRET_KEY", KEY[:49]),
    ("portal.E008", "SECRET_KEY", "abc" * 20),
    ("portal.E008", "SECRET_KEY", "minst-femtio-slumpvis-valda-tecken-som-i-exemplet-det"),
    ("portal.E008", "SECRET_KEY_FALLBACKS", ["short"]),
    *(
        ("portal.E009", "EMAIL_BACKEND", f"django.core.mail.backends.{name}.EmailBackend")
        for name in ("console", "dummy", "filebased", "locmem")
    ),
    ("portal.E010", "OIDC_PROVIDERS", (service(server="http://localhost:9000"),)),
    ("portal.E010", "OIDC_PROVIDERS", (service(origins=("http://127.0.0.1",)),)),
    ("portal.E011", "DEBUG", True),
    ("portal.E012", "SESSION_COOKIE_NAME", "sessionid"),
    ("portal.E012", "SESSION_COOKIE_SECURE", False),
    ("portal.E012", "CSRF_COOKIE_NAME", "__Secure-csrftoken"),
    ("portal.E012", "CSRF_COOKIE_HTTPONLY", False),
    ("portal.W013", "TRUSTED_PROXIES", 0),
    ("portal.E014", "KOLADA_URL", "http://api.kolada.se/v3/"),
    ("portal.W015", "PUBLISHER", None),
]


@pytest.fixture
def found(settings):
    """The portal's own checks that complain when `changes` are made to what is right."""

    def run(**changes: Any) -> list[str]:
        for name, value in (RIGHT | changes).items():
            setattr(settings, name, value)
        messages = run_checks(tags=[Tags.security], include_deployment_checks=True)
        return [message.id for message in messages if message.id and message.id.startswith("portal.")]

    return run


def test_what_is_right_is_not_complained_of(found):
    assert found() == []


@pytest.mark.filterwarnings("ignore:Overriding setting DATABASES")
@pytest.mark.parametrize(("complaint", "setting", "value"), WRONG)
def test_what_is_wrong_is_complained_of(found, complaint, setting, value):
    assert found(**{setting: value}) == [complaint]


def test_every_check_is_tried():
    ours = [each for each in registry.deployment_checks if each.__module__ == "portal.checks"]

    assert len({complaint for complaint, _setting, _value in WRONG}) == len(ours)


def check(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
    )


def test_production_with_what_it_must_be_told_is_fit_for_use():
    run = check(**COMPLETE | POSTGRESQL | PUBLISHER | {"SECRET_KEY": KEY, "TRUSTED_PROXIES": "1"})

    assert run.returncode == 0, run.stderr
    assert "no issues" in run.stdout


def test_a_portal_to_try_out_is_not_and_is_told_why_in_swedish():
    run = check()

    assert run.returncode == 1
    for name in ("E002", "E004", "W007", "E009", "E012"):
        assert f"(portal.{name})" in run.stderr
    assert "Den som får skriva behöver inte logga in i två steg." in run.stderr


def test_compose_lets_nobody_in_before_the_checks():
    compose = (ROOT / "docker-compose.yml").read_text()
    services = dict(re.findall(r"^  (\w+):\n((?: {4}.*\n|\n)+)", compose, re.MULTILINE))

    assert (
        "- python manage.py check --deploy --fail-level ERROR && python manage.py migrate"
        in services["migrate"]
    )
    for name in ("web", "worker"):
        assert "migrate:\n        condition: service_completed_successfully" in services[name]
