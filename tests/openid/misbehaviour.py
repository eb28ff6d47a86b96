"""How the provider does wrong when a test asks it to; without being asked it does right.

A test posts JSON, which holds until the next one does:

redirect_uris  where people may be sent back to
id_token       claims that the token is to tell instead of the true ones; null leaves one out
userinfo       the same of what it says when asked about someone
configuration  the same of its description of itself
forge          "signature", "none" or "secret": how the token is signed instead of by the provider's key
answers        by path: what is answered there instead, as {"status": …, "type": …, "body": …, "location": …}
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import jwt
from allauth.core.internal import jwkkit
from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.models import Client
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from tests.openid.settings import new_key

asked: dict[str, Any] = {}


@csrf_exempt
def told_by_a_test(request: HttpRequest) -> HttpResponse:
    asked.clear()
    asked.update(json.loads(request.body))
    for client in Client.objects.all():
        client.set_redirect_uris(asked.get("redirect_uris", []))
        client.save()
    return HttpResponse()


def change(claims: dict[str, Any], wanted: dict[str, Any]) -> None:
    claims.update(wanted)
    for name in [name for name, value in wanted.items() if value is None]:
        claims.pop(name, None)


class Adapter(DefaultOIDCAdapter):
    """Tells the claims that a test asked for."""

    def populate_id_token(
        self, id_token: dict[str, Any], client: Client, scopes: Iterable[str], **kwargs: Any
    ) -> None:
        change(id_token, asked.get("id_token", {}))

    def populate_server_metadata(self, data: dict[str, Any]) -> None:
        change(data, asked.get("configuration", {}))


class Misbehaviour:
    """Answers what a test asked for, and forges tokens."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if instead := asked.get("answers", {}).get(request.path):
            headers = {"Location": instead["location"]} if "location" in instead else {}
            return HttpResponse(
                instead["body"], status=instead["status"], content_type=instead["type"], headers=headers
            )
        response = self.get_response(request)
        if "userinfo" in asked and request.path.endswith("/userinfo"):
            claims = json.loads(response.content)
            change(claims, asked["userinfo"])
            return JsonResponse(claims)
        if "forge" in asked and request.path.endswith("/token"):
            answer = json.loads(response.content)
            return JsonResponse(answer | {"id_token": forge(answer["id_token"])})
        return response


def forge(id_token: str) -> str:
    """The same claims under the same key's name, signed by somebody else, by nobody or with a mere word."""
    claims = jwt.decode(id_token, options={"verify_signature": False})
    kid = jwt.get_unverified_header(id_token)["kid"]
    _jwk, somebody_elses = jwkkit.load_jwk_from_pem(new_key())
    key, algorithm = {
        "signature": (somebody_elses, "RS256"),
        "none": (None, "none"),
        "secret": ("the client's secret, which isn't known to the provider alone", "HS256"),
    }[asked["forge"]]
    return jwt.encode(claims, key, algorithm, headers={"kid": kid})
