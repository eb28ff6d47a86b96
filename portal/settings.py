"""All settings, filled from the environment; each variable is explained in .env.example.

Without any variable this is a portal to try out and develop: SQLite in var/, plain http, a key of its own.
PRODUCTION=1 is said, never guessed, and then what must not be left to chance is required.
"""

from pathlib import Path

from django.core.management.utils import get_random_secret_key
from environ import Env

from municipalities.signing_in.configuration import Service, read_services
from portal.open_data.publisher import EXAMPLE, Publisher, read_publisher

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"
FONTS = VAR / "fonts"
FONTS.mkdir(parents=True, exist_ok=True)

env = Env()
env.read_env(BASE_DIR / ".env")


def kept_secret_key() -> str:
    """The development key, made at the first start, so that a restart signs nobody out."""
    file = VAR / "secret-key"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(get_random_secret_key())
    return file.read_text()


def required(variable: str, example: str) -> str:
    """The variable's value; without one the portal doesn't start."""
    if not (value := env.str(variable, "")):
        raise SystemExit(
            f"Portalen kan inte starta: sätt {variable} i miljön, till exempel {variable}={example}"
        )
    return value


def log_in_services() -> tuple[Service, ...]:
    """The organisations' own log-in services; when they are wrongly told the portal doesn't start."""
    try:
        return read_services(env.str("OIDC_PROVIDERS", ""))
    except ValueError as wrong:
        raise SystemExit(f"Portalen kan inte starta: OIDC_PROVIDERS {wrong}") from None


def publisher() -> Publisher | None:
    """Who answers for the open data; when they are told by halves the portal doesn't start."""
    told = {
        "NAME": env.str("PUBLISHER_NAME", ""),
        "URI": env.str("PUBLISHER_URI", ""),
        "TYPE": env.str("PUBLISHER_TYPE", "LocalAuthority"),
        "EMAIL": env.str("PUBLISHER_EMAIL", "") or env.str("CONTACT_EMAIL", ""),
        "PAGE": env.str("PUBLISHER_PAGE", ""),
    }
    try:
        return read_publisher({name: value.strip() for name, value in told.items()})
    except ValueError as wrong:
        raise SystemExit(f"Portalen kan inte starta: {wrong}") from None


# Where it runs

PRODUCTION = env.bool("PRODUCTION", False)
DEBUG = env.bool("DEBUG", False) and not PRODUCTION

if PRODUCTION:
    SECRET_KEY = required("SECRET_KEY", "minst-femtio-slumpvis-valda-tecken")
    ALLOWED_HOSTS = [
        host.strip() for host in required("ALLOWED_HOSTS", "handlingsplaner.example.se").split(",")
    ]
    PORTAL_ORIGIN = f"https://{ALLOWED_HOSTS[0]}"
    ALLOWED_HOSTS += ["127.0.0.1"]  # the health check of a container asks from inside it
else:
    PORTAL_ORIGIN = ""  # where links in mails lead; empty: by the name that the portal was asked for by
    SECRET_KEY = env.str("SECRET_KEY", "") or kept_secret_key()
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

LOCAL_ORIGIN = f"http://localhost:{env.int('PORT', 8000)}"
"""Where links in mails lead when PORTAL_ORIGIN doesn't say and nobody has asked for a page."""

DEMO_PASSWORD = env.str("DEMO_PASSWORD", "")  # empty: made at the first start

# What it is made of

INSTALLED_APPS = [
    "portal.apps.PortalConfig",
    "followup",
    "actionplan",
    "exchange",
    "municipalities",
    "publishing",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "simple_history",
    "django_htmx",
    "django_tasks",
    "portal.apps.BackgroundWorkConfig",
]

MIDDLEWARE = [
    # Outermost, so that files, redirects and refusals carry their headers too
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "portal.headers.Headers",
    "portal.open_data.middleware.OpenData",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.languages.Languages",
    "portal.uploads.LimitedBodies",
    "portal.middleware.Journal",
    "portal.middleware.AtomicWrites",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.sessions.LimitedSessions",
    "municipalities.signing_in.services.Confinement",
    "portal.rights.Rights",
    "portal.second_step.SecondStepDemand",
    "portal.drafts.SavedDrafts",
    "portal.gone.GoneDrafts",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.drafts.saved_drafts",
            ],
        },
    },
]

# Data

DATABASE = env.db_url("DATABASE_URL", f"sqlite:///{VAR / 'db.sqlite3'}")
if DATABASE["ENGINE"].endswith("sqlite3"):
    DATABASE["NAME"] = BASE_DIR / DATABASE["NAME"]
    DATABASE["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # writers queue from the start instead of failing half-way
        "timeout": 20,
        "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;",
    }
else:
    DATABASE["CONN_MAX_AGE"] = 60
    DATABASE["CONN_HEALTH_CHECKS"] = True
    DATABASE["OPTIONS"] = {
        "connect_timeout": 5,
        "options": "-c statement_timeout=30s -c lock_timeout=10s",
        **DATABASE.get("OPTIONS", {}),
    }
DATABASES = {"default": DATABASE}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FIXTURE_DIRS = [BASE_DIR / "fixtures"]
SIMPLE_HISTORY_REVERT_DISABLED = True
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # a full cache forgets, and must not forget failed log-ins
    }
}

TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend"
        if PRODUCTION
        else "django_tasks.backends.immediate.ImmediateBackend"
    }
}

# People

AUTH_USER_MODEL = "municipalities.User"
AUTHENTICATION_BACKENDS = ["municipalities.signing_in.backend.AccountBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "municipalities.passwords.OfSensibleLength"},
    {"NAME": "municipalities.passwords.NotEasyToGuess"},
]
PASSWORD_RESET_TIMEOUT = 4 * 60 * 60
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

SESSION_ENGINE = "portal.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60  # so long a session lasts
SESSION_IDLE_AGE = 60 * 60  # so long it lasts while nothing is asked for

ACCOUNT_ADAPTER = "municipalities.signing_in.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an address comes from an invitation, an administrator or a service
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_SESSION_REMEMBER = True  # for SESSION_COOKIE_AGE
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PRODUCTION else "http"

ACCOUNT_FORMS = {
    "login": "municipalities.forms.LogInForm",
    "reauthenticate": "municipalities.forms.ConfirmForm",
    "reset_password": "municipalities.forms.ForgottenPasswordForm",
    "reset_password_from_key": "municipalities.forms.NewPasswordForm",
    "change_password": "municipalities.forms.ChangedPasswordForm",
    "set_password": "municipalities.forms.FirstPasswordForm",
}

SOCIALACCOUNT_ADAPTER = "municipalities.signing_in.services.ServiceAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # nobody is who they are because of an address
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "provider_class": "municipalities.signing_in.openid.ServiceProvider",
        "OAUTH_PKCE_ENABLED": True,
    }
}
OIDC_PROVIDERS = log_in_services()

TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0)
ACCOUNT_RATE_LIMITS = {
    "login": None,  # only those that fail are counted
    "login_failed": "5/5m/key",
    "login_failed_from": "100/10m/ip",
    "reset_password": "100/10m/ip,5/10m/key",
    "reset_password_from_key": "100/10m/ip",
}
MFA_ADAPTER = "municipalities.signing_in.second_step.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # as above: no address is of someone's own making
MFA_TOTP_ISSUER = "Handlingsplaner"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}  # nothing to guess, and a town hall has one address
ACCESSIBILITY_REPORTS = "20/h/ip"  # of what can't be used; a town hall has one address
REQUIRE_MFA = env.bool("REQUIRE_MFA", PRODUCTION)

# Mail

CONTACT_EMAIL = env.str("CONTACT_EMAIL", "")  # of whoever runs the portal, for everyone to see

if PRODUCTION:
    required("EMAIL_URL", "smtp+tls://konto:l%C3%B6senord@smtp.example.se:587")
    DEFAULT_FROM_EMAIL = required("DEFAULT_FROM_EMAIL", "handlingsplaner@example.se")
else:
    DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "handlingsplaner@localhost")
vars().update(
    env.email_url("EMAIL_URL", "consolemail://")
)  # EMAIL_BACKEND, EMAIL_HOST and what belongs to them
EMAIL_TIMEOUT = 20
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Kolada, where outcomes are fetched

KOLADA_URL = env.str("KOLADA_URL", "https://api.kolada.se/v3/")
KOLADA_PAUSE = 1  # seconds between two requests, whoever in the portal makes them
KOLADA_SILENCE = 10  # seconds that Kolada may be silent
KOLADA_LONGEST = 60  # seconds that all the answers to a question may take

# Open data

PUBLISHER = publisher() or (None if PRODUCTION else EXAMPLE)  # without one there is no catalogue of them

# Language and time

LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", "Svenska"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "language"  # only of those who have switched
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "portal.formats"
TIME_ZONE = "Europe/Stockholm"
FORMS_URLFIELD_ASSUME_HTTPS = True  # what Django 6 does by itself: an address without scheme is read as https

# Files

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [("fonts", FONTS)]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Safety

POWERS_NEVER_USED = [
    "accelerometer", "autoplay", "bluetooth", "browsing-topics", "camera", "clipboard-read",
    "compute-pressure", "display-capture", "encrypted-media", "fullscreen", "gamepad", "geolocation",
    "gyroscope", "hid", "identity-credentials-get", "idle-detection", "keyboard-map", "local-fonts",
    "magnetometer", "microphone", "midi", "otp-credentials", "payment", "picture-in-picture",
    "screen-wake-lock", "serial", "storage-access", "sync-xhr", "usb", "web-share",
    "window-management", "xr-spatial-tracking",
]  # fmt: skip
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    **{power: [] for power in POWERS_NEVER_USED},
    "publickey-credentials-create": ["self"],  # passkeys
    "publickey-credentials-get": ["self"],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no cookie of its own
CSRF_COOKIE_HTTPONLY = True  # the token is read from the form that holds it, never by a script
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

if PRODUCTION:
    SESSION_COOKIE_NAME, SESSION_COOKIE_SECURE = "__Host-sessionid", True
    CSRF_COOKIE_NAME, CSRF_COOKIE_SECURE = "__Host-csrftoken", True
    LANGUAGE_COOKIE_NAME, LANGUAGE_COOKIE_SECURE = "__Host-language", True
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^halsa/$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # No preloading: the browsers' list is for whole domains, and hard to leave (docs/decisions/0016)
    SILENCED_SYSTEM_CHECKS = ["security.W021"]

MEGABYTE = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = MEGABYTE  # a form without its files; also how large a body without files may be
FILES_MAX_SIZE = 10 * MEGABYTE  # a form's files together, where there are any: portal/uploads.py
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 10
FILE_UPLOAD_HANDLERS = [
    "portal.uploads.LimitedFiles",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# What it tells whoever runs it

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "portal.log_lines.Line",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        },
        "json": {"()": "pythonjsonlogger.json.JsonFormatter", "fmt": ["event"], "timestamp": "time"},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
        "problems": {"class": "logging.StreamHandler", "formatter": "line", "level": "WARNING"},
        "journal": {"class": "logging.StreamHandler", "formatter": "json"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["problems"], "level": "WARNING"},
    "loggers": {
        "journal": {"handlers": ["journal"], "level": "INFO"},
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        # A page that isn't there is no news, and nor is a robot's guess at the portal's name.
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},
        "django_tasks": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}
