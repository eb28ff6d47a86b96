"""The portal starts when it has what it needs, and otherwise says what is missing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMPLETE = {
    "PRODUCTION": "1",
    "SECRET_KEY": "a-key-for-this-test-" * 3,
    "ALLOWED_HOSTS": "portal.example.se",
    "EMAIL_URL": "smtp+tls://portal:secret@smtp.example.se:587",
    "DEFAULT_FROM_EMAIL": "portal@example.se",
}


def start(
    program: str = "import django; django.setup()", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a little program that reads the settings, in an environment with nothing but these variables."""
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "portal.settings", **environment},
        capture_output=True,
        text=True,
    )


def setting(name: str, **environment: str) -> str:
    run = start(f"from django.conf import settings; print(settings.{name})", **environment)
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS", "EMAIL_URL", "DEFAULT_FROM_EMAIL"])
def test_production_does_not_start_without_what_it_must_be_told(missing):
    run = start(**COMPLETE | {missing: ""})

    assert run.returncode == 1
    assert run.stderr.startswith(f"Portalen kan inte starta: sätt {missing} i miljön")
    assert "Traceback" not in run.stderr


def test_production_starts_with_what_it_must_be_told():
    run = start(**COMPLETE)

    assert run.returncode == 0, run.stderr


def test_development_starts_with_nothing():
    run = start()

    assert run.returncode == 0, run.stderr


def test_production_is_never_in_debug_mode():
    assert setting("DEBUG", **COMPLETE, DEBUG="1") == "False"


def test_cookies_travel_only_encrypted_in_production():
    assert setting("SESSION_COOKIE_SECURE", **COMPLETE) == "True"
    assert setting("CSRF_COOKIE_SECURE", **COMPLETE) == "True"
    assert setting("SESSION_COOKIE_SECURE") == "False"


def test_mails_go_to_the_server_that_is_named_and_in_development_to_the_screen():
    assert setting("EMAIL_BACKEND") == "django.core.mail.backends.console.EmailBackend"
    assert setting("EMAIL_HOST", **COMPLETE) == "smtp.example.se"
    assert setting("EMAIL_USE_TLS", **COMPLETE) == "True"
    assert setting("EMAIL_HOST_PASSWORD", **COMPLETE) == "secret"
    assert setting("DEFAULT_FROM_EMAIL", **COMPLETE) == "portal@example.se"


def test_links_in_mails_lead_to_the_first_of_the_portals_names():
    names = {"ALLOWED_HOSTS": "portal.example.se, planer.example.se"}

    assert setting("PORTAL_ORIGIN", **COMPLETE | names) == "https://portal.example.se"
    assert setting("PORTAL_ORIGIN") == ""


def test_the_database_is_a_file_in_var_unless_told_otherwise():
    assert setting("DATABASES['default']['NAME']") == str(ROOT / "var/db.sqlite3")


def test_a_relative_database_file_lies_in_the_project():
    assert setting("DATABASES['default']['NAME']", DATABASE_URL="sqlite:///x.sqlite3") == str(
        ROOT / "x.sqlite3"
    )


def test_an_absolute_database_file_is_where_it_says():
    assert (
        setting("DATABASES['default']['NAME']", DATABASE_URL="sqlite:////srv/x.sqlite3") == "/srv/x.sqlite3"
    )


def test_postgresql_is_reached_by_address_and_never_waited_for_without_end():
    url = "postgresql://user:secret@db.example.se:5433/portal"

    assert setting("DATABASES['default']['ENGINE']", DATABASE_URL=url) == "django.db.backends.postgresql"
    assert setting("DATABASES['default']['HOST']", DATABASE_URL=url) == "db.example.se"
    assert setting("DATABASES['default']['PORT']", DATABASE_URL=url) == "5433"
    assert "statement_timeout" in setting("DATABASES['default']['OPTIONS']", DATABASE_URL=url)
