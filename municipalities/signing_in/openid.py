"""OpenID Connect: what is asked of a log-in service, and what must be true of everything that it answers.

The sign-in library knows the protocol's steps, but sends no nonce, checks none, and believes a token's
signature unseen. Docs: docs/decisions/0012.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import jwt
import requests
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, get_random_string
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from municipalities.signing_in.configuration import Service, is_secure, origin_of

SIGNATURES = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""How a token may be signed: with a key that only the service has."""

REQUIRED = ("iss", "sub", "aud", "exp", "iat", "nonce")
"""What every token must tell."""

CLOCKS_DIFFER = 60
"""Seconds by which a service's clock may differ from the portal's."""

LONGEST_SUBJECT = 191
LONGEST_ADDRESS = 254
LONGEST_NAME = 200


class Refused(Exception):
    """A log-in through a service that can't go on.

    `reason` and `detail` are for the journal; `sentence` is what the person reads; `status` is 403, or 400
    when trying again may help.
    """

    def __init__(self, reason: str, sentence: str, *, detail: str = "", status: int = 403) -> None:
        super().__init__(reason)
        self.reason, self.sentence, self.detail, self.status = reason, sentence, detail, status


def not_trusted(reason: str, detail: str = "") -> Refused:
    """The refusal of an answer that isn't as it should be; what was wrong with it is only for the journal."""
    return Refused(
        reason, _("Inloggningstjänsten svarade inte så som den ska. Ingen har loggats in."), detail=detail
    )


@dataclass(frozen=True)
class Told:
    """What a service has told of the person whom it let in.

    `subject` is who it is, in this service alone; `email` is in lower case; both it and `name` may be empty.
    A name is never an address, since names stay in the log for ever.
    """

    subject: str
    email: str
    name: str


@contextmanager
def strangers_answer() -> Iterator[None]:
    """Makes a refusal of whatever goes wrong while another server's answer is read.

    What it may send has no end, and nor has what fails on it; so this alone catches everything.
    """
    try:
        yield
    except Refused:
        raise
    except (requests.ConnectionError, requests.Timeout, requests.HTTPError) as error:
        raise Refused(
            "unreachable",
            _("Inloggningstjänsten svarar inte just nu. Vänta en stund och försök igen."),
            detail=type(error).__name__,
            status=400,
        ) from error
    except Exception as error:
        cause = error.__cause__ if isinstance(error, OAuth2Error) and error.__cause__ else error
        raise not_trusted("answer", type(cause).__name__) from error


class Conversation(OpenIDConnectOAuth2Adapter):
    """What is said between the portal and one service during one request."""

    @cached_property
    def service(self) -> Service:
        return next(each for each in settings.OIDC_PROVIDERS if each.id == self.provider_id)

    @cached_property
    def openid_config(self) -> dict[str, Any]:
        """The service's own description of itself, where nothing leads anywhere else than it should."""
        found = super().openid_config
        if found["issuer"].rstrip("/") != self.service.server:
            raise not_trusted("issuer", "configuration")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"):
            if (name in found or name != "userinfo_endpoint") and not is_secure(found[name]):
                raise not_trusted("configuration", name)
        if origin_of(found["authorization_endpoint"]) not in self.service.origins:
            raise not_trusted("origins", "authorization_endpoint")
        return found

    def told(self, code: str, *, nonce: str, code_verifier: str) -> Told:
        """Who the service has let in, for the code that it sent the person back with.

        Raises Refused, or anything at all when the answer is odd: call it within `strangers_answer`.
        """
        app = self.get_provider().app
        answer = self.get_client(self.request, app).get_access_token(code, pkce_code_verifier=code_verifier)
        claims = self.checked(answer["id_token"], nonce)
        if "userinfo_endpoint" in self.openid_config:
            more = self._fetch_user_info(answer["access_token"])
            if more["sub"] != claims["sub"]:
                raise not_trusted("subject", "userinfo")
            claims = claims | more
        return read_claims(claims)

    def checked(self, id_token: str, nonce: str) -> dict[str, Any]:
        """The claims of a token that this service signed, for this portal, now, and for this very log-in.

        OpenID Connect Core 1.0, section 3.1.3.7. The signature is checked though it came over TLS, so that
        a proxy that opens TLS, as many organisations have, can't make people up.
        """
        client_id = self.get_provider().app.client_id
        claims = jwt.decode(
            id_token,
            key=self.signing_key(id_token),
            algorithms=SIGNATURES,
            issuer=self.openid_config["issuer"],
            audience=client_id,
            leeway=CLOCKS_DIFFER,
            options={"require": list(REQUIRED)},
        )
        parties = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        if claims.get("azp", client_id if parties == [client_id] else None) != client_id:
            raise not_trusted("audience", "azp")
        if not isinstance(claims["nonce"], str) or not constant_time_compare(claims["nonce"], nonce):
            raise not_trusted("nonce")
        return claims

    def signing_key(self, id_token: str) -> jwt.PyJWK:
        """The one key among the service's that the token says it is signed with."""
        header = jwt.get_unverified_header(id_token)
        with get_adapter().get_requests_session() as line:
            answer = line.get(self.openid_config["jwks_uri"])
        answer.raise_for_status()
        [key] = [
            each
            for each in answer.json()["keys"]
            if each.get("kid") == header.get("kid") and each.get("use", "sig") == "sig"
        ]
        return jwt.PyJWK(key, algorithm=key.get("alg") or header["alg"])


class ServiceProvider(OpenIDConnectProvider):
    """A log-in service in the sign-in library's terms."""

    oauth2_adapter_class = Conversation

    @cached_property
    def conversation(self) -> Conversation:
        return Conversation(self.request, self.app.provider_id)

    def get_oauth2_adapter(self, request: HttpRequest) -> Conversation:
        return self.conversation

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **kwargs: Any
    ) -> HttpResponse:
        """Where the service lets people in; what ties its answer to this log-in stays in the session."""
        nonce = get_random_string(32)
        params = self.get_auth_params() | {"nonce": nonce}
        return super().redirect(request, process, next_url, data, auth_params=params, nonce=nonce, **kwargs)


def read_claims(claims: dict[str, Any]) -> Told:
    """What the claims tell of a person, made fit to keep."""
    subject = claims["sub"]
    if not isinstance(subject, str) or not subject.isprintable() or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise not_trusted("subject", "form")
    names = [text_of(claims, "name"), f"{text_of(claims, 'given_name')} {text_of(claims, 'family_name')}"]
    email = text_of(claims, "email").lower()
    try:
        EmailValidator()(email)
    except ValidationError:
        email = ""
    if len(email) > LONGEST_ADDRESS:
        email = ""
    return Told(
        subject=subject,
        email=email,
        name=next((name.strip() for name in names if name.strip() and "@" not in name), "")[:LONGEST_NAME],
    )


def text_of(claims: dict[str, Any], name: str) -> str:
    """A claim's text in one line without what can't be shown or stored; empty when it is no text."""
    value = claims.get(name)
    if not isinstance(value, str):
        return ""
    return "".join(character for character in value if character.isprintable()).strip()
