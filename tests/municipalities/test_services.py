"""Logging in through an organisation's own service, against real OpenID providers of their own processes."""

from __future__ import annotations

import json
import logging
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit

import jwt
import pytest
import requests
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Page, expect

from municipalities.models import Membership, Organisation, Role, User
from municipalities.signing_in.configuration import Service
from tests.builders import PASSWORD, make_administrator, make_draft, make_municipality, make_plan, make_user
from tests.municipalities.test_second_step import add_passkey, log_in_by
from tests.openid.known import CLIENT, SECRET
from tests.openid.known import PASSWORD as PASSWORD_THERE
from tests.openid.running import Browser, Provider, running_provider
from tests.passkeys import Passkey
from tests.rights.checksum import checksums
from tests.servers import running

HERE = "http://testserver"
PLACE = "/konto/inloggningstjanster"
NAMES = {"vasteras": "Västerås stad", "enkoping": "Enköpings kommun"}


@pytest.fixture(scope="session")
def providers(tmp_path_factory) -> Iterator[dict[str, Provider]]:
    """Two providers, each with the same people under the same numbers: Västerås's and Enköping's."""
    with (
        running_provider(tmp_path_factory.mktemp("vasteras")) as vasteras,
        running_provider(tmp_path_factory.mktemp("enkoping")) as enkoping,
    ):
        yield {"vasteras": vasteras, "enkoping": enkoping}


@pytest.fixture(autouse=True)
def well_behaved(providers) -> None:
    tell_all(providers, HERE)


def tell_all(providers: dict[str, Provider], portal: str, **behaviour: Any) -> None:
    for name, provider in providers.items():
        provider.is_to(redirect_uris=[f"{portal}{PLACE}/{name}/klart/"], **behaviour)


@pytest.fixture
def services(providers, settings) -> dict[str, Service]:
    """Both providers as the portal's log-in services."""
    found = {
        name: Service(
            id=name,
            name=NAMES[name],
            organisation=name,
            server=provider.url,
            client_id=CLIENT,
            client_secret=SECRET,
            origins=(provider.url,),
        )
        for name, provider in providers.items()
    }
    settings.OIDC_PROVIDERS = tuple(found.values())
    return found


@pytest.fixture
def vasteras(services, db) -> Organisation:
    return make_municipality("Västerås", key="vasteras")


@pytest.fixture
def enkoping(services, db) -> Organisation:
    return make_municipality("Enköping", key="enkoping")


@pytest.fixture
def vasteras_provider(providers, vasteras, enkoping) -> Callable[..., None]:
    """Tells Västerås's provider how to misbehave."""

    def tell(**behaviour: Any) -> None:
        providers["vasteras"].is_to(redirect_uris=[f"{HERE}{PLACE}/vasteras/klart/"], **behaviour)

    return tell


class Person:
    """Someone with a browser, at the portal and at the providers."""

    def __init__(self, client: Client | None = None) -> None:
        self.client = client or Client()
        self.browser = Browser()

    def sets_off(self, service: str = "vasteras", **form: str) -> str:
        """Presses a service's button; gives the address that it leads to."""
        answer = self.client.post(f"{PLACE}/{service}/", form)
        assert answer.status_code == 302, answer.content.decode()
        return answer["Location"]

    def is_let_in(self, service: str = "vasteras", username: str = "anna", **form: str) -> str:
        """Logs in at the service; gives the address here that it sends the browser back to."""
        return self.browser.log_in(self.sets_off(service, **form), username).removeprefix(HERE)

    def logs_in(self, service: str = "vasteras", username: str = "anna", **form: str) -> Any:
        """Goes the whole way; gives the portal's answer at the end of it."""
        return self.client.get(self.is_let_in(service, username, **form))

    @property
    def account(self) -> Any:
        """Who the portal takes them for."""
        found = self.client.get("/om/").context["user"]
        return found if found.is_authenticated else None


@pytest.fixture
def person() -> Person:
    return Person()


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def changed(address: str, **parameters: str) -> str:
    """The address with other parameters; an empty one is left out."""
    parts = urlsplit(address)
    query = {name: value for name, value in (dict(parse_qsl(parts.query)) | parameters).items() if value}
    return urlunsplit(parts._replace(query=urlencode(query)))


def parameters_of(address: str) -> dict[str, str]:
    return {name: value for name, [value] in parse_qs(urlsplit(address).query).items()}


# Logging in


def test_the_first_log_in_makes_an_account_without_roles(person, vasteras):
    answer = person.logs_in()

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert "Nu har du ett konto här." in text_of(person.client.get("/"))
    user = User.objects.get()
    assert person.account == user
    assert (user.email, user.name) == ("anna.akesson@vasteras.example", "Anna Åkesson")
    assert not user.has_usable_password()
    assert not user.memberships.exists()


def test_the_next_log_in_finds_the_account_though_name_and_address_have_changed(
    person, vasteras, vasteras_provider
):
    person.logs_in()
    vasteras_provider(userinfo={"email": "anna.ek@vasteras.example", "name": "Anna Ek"})

    again = Person()
    again.logs_in()

    assert again.account == User.objects.get()
    assert again.account.name == "Anna Åkesson"


def test_someone_goes_on_to_where_they_were_headed_and_nowhere_off_the_site(person, vasteras):
    assert person.logs_in(next="/att-gora/")["Location"] == "/att-gora/"
    assert Person().logs_in(next="https://elsewhere.example/")["Location"] == "/"


def test_a_service_speaks_for_its_own_organisation_alone(person, vasteras, enkoping):
    person.logs_in()
    user = User.objects.get()
    for organisation in (vasteras, enkoping):
        Membership.objects.create(user=user, organisation=organisation, role=Role.EDITOR)

    assert person.account.organisations_as(Role.EDITOR) == {vasteras.pk}


def test_a_role_that_is_ended_is_gone_at_the_next_request(person, vasteras):
    person.logs_in()
    role = Membership.objects.create(user=User.objects.get(), organisation=vasteras, role=Role.EDITOR)
    assert person.account.may_write

    role.delete()

    assert not person.account.may_write


def test_the_same_number_at_another_organisations_service_is_somebody_else(
    person, vasteras, enkoping, services
):
    person.logs_in("vasteras")
    other = Person()
    telling = {"email": "anna@enkoping.example"}
    Provider(services["enkoping"].server).is_to(
        redirect_uris=[f"{HERE}{PLACE}/enkoping/klart/"], userinfo=telling
    )

    other.logs_in("enkoping")

    [first, second] = SocialAccount.objects.order_by("pk")
    assert first.uid == second.uid
    assert first.user == person.account
    assert second.user == other.account
    assert first.user != second.user


def test_a_closed_account_stays_closed(person, vasteras):
    person.logs_in()
    User.objects.update(is_active=False)

    answer = Person().logs_in()

    assert answer.status_code == 403
    assert "Kontot är stängt." in text_of(answer)


def test_no_token_and_nothing_that_the_service_told_is_kept_but_who_it_is(person, vasteras):
    person.logs_in()

    [account] = SocialAccount.objects.all()
    assert (account.provider, account.extra_data) == ("vasteras", {})
    assert not SocialToken.objects.exists()


def test_only_services_of_the_settings_are_ways_in(person, vasteras, services):
    SocialApp.objects.create(
        provider="openid_connect",
        provider_id="hemlig",
        name="En bakdörr",
        client_id="x",
        settings={"server_url": services["vasteras"].server},
    )

    assert person.client.post(f"{PLACE}/hemlig/").status_code == 404
    assert person.client.get(f"{PLACE}/hemlig/klart/").status_code == 404
    assert "En bakdörr" not in text_of(person.client.get("/konto/logga-in/"))


@pytest.mark.parametrize("nothing", [None, ["Bo"], " ", "bo.berg@vasteras.example"])
def test_a_name_is_put_together_or_asked_for_but_is_never_an_address(
    person, vasteras, vasteras_provider, nothing
):
    parts = {"name": None, "given_name": " Åsa\u0000 ", "family_name": "Ö"}
    vasteras_provider(id_token=parts, userinfo=parts)
    person.logs_in(username="anna")
    assert "Skriv ditt namn" not in text_of(person.client.get("/"))
    none = {"name": nothing, "given_name": None, "family_name": None}
    vasteras_provider(id_token=none, userinfo=none)
    bo = Person()
    bo.logs_in(username="bo")

    assert "Skriv ditt namn under Mitt konto." in text_of(bo.client.get("/"))
    assert set(User.objects.values_list("name", flat=True)) == {"Åsa Ö", "Namn saknas"}
    assert "bo.berg" not in str(list(User.history.values()))


def test_claims_may_come_in_the_token_alone(person, vasteras, vasteras_provider):
    vasteras_provider(configuration={"userinfo_endpoint": None})

    person.logs_in()

    assert person.account.email == "anna.akesson@vasteras.example"


# What is sent


def test_each_log_in_is_sent_off_with_a_state_a_nonce_and_a_challenge_of_its_own(person, vasteras, services):
    first, second = (parameters_of(person.sets_off()) for _time in range(2))

    assert first["redirect_uri"] == f"{HERE}{PLACE}/vasteras/klart/"
    assert first["client_id"] == CLIENT
    assert first["response_type"] == "code"
    assert set(first["scope"].split()) == {"openid", "profile", "email"}
    assert first["code_challenge_method"] == "S256"
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) >= 16
        assert first[name] != second[name]


def test_a_visitor_decides_nothing_of_what_is_sent(person, vasteras):
    address = f"{PLACE}/vasteras/?scope=admin&auth_params=nonce%3Dmine%26prompt%3Dnone&process=redirect"

    sent = parameters_of(person.client.post(address)["Location"])

    assert sent["nonce"] != "mine"
    assert "prompt" not in sent
    assert "admin" not in sent["scope"]


def test_a_log_in_is_only_begun_by_a_form_of_the_portals_own(vasteras):
    client = Client(enforce_csrf_checks=True)

    assert client.get(f"{PLACE}/vasteras/").status_code == 405
    assert client.post(f"{PLACE}/vasteras/").status_code == 403
    assert client.post(f"{PLACE}/finns-inte/").status_code == 403
    assert Client().post(f"{PLACE}/finns-inte/").status_code == 404


# What is refused


TOKENS: dict[str, dict[str, Any]] = {
    "a wrong nonce": {"id_token": {"nonce": "en annans"}},
    "no nonce": {"id_token": {"nonce": None}},
    "a nonce that is no text": {"id_token": {"nonce": ["en lista"]}},
    "a token for somebody else": {"id_token": {"aud": "en annan tjänst"}},
    "a token for several": {"id_token": {"aud": [CLIENT, "en annan"]}},
    "a token that another asked for": {"id_token": {"aud": [CLIENT, "en annan"], "azp": "en annan"}},
    "a token for nobody": {"id_token": {"aud": None}},
    "an expired token": {"id_token": {"exp": 1_700_000_000, "iat": 1_699_999_000}},
    "a token for ever": {"id_token": {"exp": None}},
    "a token from the future": {"id_token": {"iat": 32_000_000_000, "exp": 33_000_000_000}},
    "another issuer's token": {"id_token": {"iss": "https://elsewhere.example"}},
    "nobody's token": {"id_token": {"iss": None}},
    "a token about nobody": {"id_token": {"sub": None}},
    "a token about someone without a name": {"id_token": {"sub": ""}, "userinfo": {"sub": ""}},
    "a subject that is a number": {"id_token": {"sub": 1}, "userinfo": {"sub": 1}},
    "a subject that is too long": {"id_token": {"sub": "1" * 192}, "userinfo": {"sub": "1" * 192}},
    "a subject that can't be kept": {"id_token": {"sub": "1\u0000"}, "userinfo": {"sub": "1\u0000"}},
    "another person in userinfo": {"userinfo": {"sub": "2"}},
    "nobody in userinfo": {"userinfo": {"sub": None}},
    "another's signature": {"forge": "signature"},
    "no signature": {"forge": "none"},
    "a signature with a mere word": {"forge": "secret"},
    "another issuer's configuration": {"configuration": {"issuer": "https://elsewhere.example"}},
    "another issuer all along": {
        "configuration": {"issuer": "https://elsewhere.example"},
        "id_token": {"iss": "https://elsewhere.example"},
    },
    "keys from elsewhere, in the open": {"configuration": {"jwks_uri": "http://elsewhere.example/keys"}},
    "keys from nowhere": {"configuration": {"jwks_uri": None}},
}


@pytest.mark.parametrize("behaviour", TOKENS.values(), ids=TOKENS.keys())
def test_what_cannot_be_trusted_is_refused_and_changes_nothing(person, vasteras_provider, behaviour):
    onward = person.sets_off()
    vasteras_provider(**behaviour)
    before = checksums()

    answer = person.client.get(person.browser.log_in(onward, "anna").removeprefix(HERE))

    assert answer.status_code == 403
    assert "Inloggningstjänsten svarade inte så som den ska." in text_of(answer)
    assert person.account is None
    assert checksums() == before


@pytest.mark.parametrize(
    "wrong", ["a wrong nonce", "a token for somebody else", "an expired token", "another person in userinfo"]
)
def test_it_is_refused_also_for_someone_who_has_an_account(vasteras_provider, wrong):
    Person().logs_in()
    person = Person()
    onward = person.sets_off()
    vasteras_provider(**TOKENS[wrong])
    before = checksums()

    answer = person.client.get(person.browser.log_in(onward, "anna").removeprefix(HERE))

    assert answer.status_code == 403
    assert person.account is None
    assert checksums() == before


def test_a_clock_that_is_a_little_fast_is_forgiven(person, vasteras_provider):
    now = int(time.time())
    vasteras_provider(id_token={"iat": now + 20, "exp": now + 320})

    person.logs_in()

    assert person.account


def test_a_service_that_tells_no_address_is_told_of(person, vasteras):
    before = checksums()

    answer = person.logs_in(username="utan")

    assert answer.status_code == 403
    assert "talade inte om din e-postadress" in text_of(answer)
    assert checksums() == before


@pytest.mark.parametrize("email", ["inte en adress", "a@b", ["en@lista.example"], f"{'a' * 250}@example.se"])
def test_an_address_that_is_none_is_no_address(person, vasteras_provider, email):
    vasteras_provider(userinfo={"email": email}, id_token={"email": None})

    answer = person.logs_in()

    assert answer.status_code == 403
    assert not User.objects.exists()


def test_nobody_is_who_they_are_because_of_an_address(person, vasteras, enkoping):
    victim = make_user(Role.EDITOR, enkoping, email="anna.akesson@vasteras.example")
    before = checksums()

    answer = person.logs_in()

    assert answer.status_code == 403
    assert "koppla sedan inloggningstjänsten till kontot under Mitt konto" in text_of(answer)
    assert person.account is None
    assert checksums() == before
    assert not SocialAccount.objects.filter(user=victim).exists()


def test_the_librarys_own_list_of_addresses_counts_for_nothing(person, vasteras):
    EmailAddress.objects.create(user=make_user(), email="anna.akesson@vasteras.example", verified=True)

    person.logs_in()

    assert person.account.email == "anna.akesson@vasteras.example"
    assert not EmailAddress.objects.filter(user=person.account).exists()


def test_an_organisations_code_is_no_good_at_anothers_address(person, vasteras, enkoping):
    way_back = person.is_let_in("vasteras")
    enkopings = parameters_of(person.sets_off("enkoping"))["state"]
    before = checksums()

    straight_over = person.client.get(way_back.replace("vasteras", "enkoping"))
    with_a_state_of_its_own = person.client.get(
        changed(way_back.replace("vasteras", "enkoping"), state=enkopings)
    )

    assert straight_over.status_code == 400
    assert with_a_state_of_its_own.status_code == 403
    assert person.account is None
    assert checksums() == before


def test_an_organisations_token_is_no_good_to_another(person, vasteras, enkoping, providers, services):
    """Enköping's provider hands over a true token of Västerås's, for this very log-in and the same client."""
    onward = person.sets_off("enkoping")
    stolen = token_of("vasteras", nonce=parameters_of(onward)["nonce"], services=services)
    answer = {"status": 200, "type": "application/json", "body": json.dumps(stolen)}
    providers["enkoping"].is_to(
        redirect_uris=[f"{HERE}{PLACE}/enkoping/klart/"], answers={"/identity/o/api/token": answer}
    )

    page = person.client.get(person.browser.log_in(onward, "anna").removeprefix(HERE))

    assert page.status_code == 403
    assert person.account is None


def token_of(name: str, *, nonce: str, services: dict[str, Service]) -> dict[str, Any]:
    """What a provider answers the portal when it has let Anna in with that nonce."""
    challenge = {"code_challenge": "", "code_challenge_method": "", "nonce": nonce}
    address = changed(Person().sets_off(name), **challenge)
    form = {
        "grant_type": "authorization_code",
        "code": parameters_of(Browser().log_in(address, "anna"))["code"],
        "redirect_uri": f"{HERE}{PLACE}/{name}/klart/",
        "client_id": CLIENT,
        "client_secret": SECRET,
    }
    answer = requests.post(f"{services[name].server}/identity/o/api/token", form, timeout=10).json()
    assert jwt.decode(answer["id_token"], options={"verify_signature": False})["nonce"] == nonce
    return answer


def test_a_way_back_works_once(person, vasteras):
    way_back = person.is_let_in()
    person.client.get(way_back)
    person.client.post("/konto/logga-ut/")
    before = checksums()

    answer = person.client.get(way_back)

    assert answer.status_code == 400
    assert "har den redan använts" in text_of(answer)
    assert person.account is None
    assert checksums() == before


def test_a_way_back_is_no_good_in_somebody_elses_browser(person, vasteras):
    way_back = person.is_let_in()
    before = checksums()

    answer = Client().get(way_back)

    assert answer.status_code == 400
    assert checksums() == before


@pytest.mark.parametrize(
    "parameters",
    [{"state": ""}, {"state": "påhittad"}, {"state": "\x00"}, {"code": "\x00"}, {"code": "x" * 9000}],
    ids=[
        "no state",
        "a made-up state",
        "a state that is none",
        "a code that is none",
        "a code that is too long",
    ],
)
def test_a_way_back_that_has_been_tampered_with_is_refused(person, vasteras, parameters):
    way_back = changed(person.is_let_in(), **parameters)
    before = checksums()

    answer = person.client.get(way_back)

    assert answer.status_code == 400
    assert person.account is None
    assert checksums() == before


@pytest.mark.parametrize(
    "parameters", [{"code": ""}, {"code": "påhittad"}], ids=["no code", "a made-up code"]
)
def test_a_code_that_the_service_has_not_given_is_refused(person, vasteras, parameters):
    way_back = changed(person.is_let_in(), **parameters)

    assert person.client.get(way_back).status_code == 403
    assert person.account is None


def test_a_code_works_only_with_the_challenge_that_it_was_given_for(person, vasteras):
    """The thief has a log-in of their own under way, and puts somebody else's code into it."""
    stolen = parameters_of(person.is_let_in())["code"]
    thief = Person()
    way_back = thief.is_let_in(username="bo")

    answer = thief.client.get(changed(way_back, code=stolen))

    assert answer.status_code == 403
    assert thief.account is None


def test_cancelling_at_the_service_leads_back_kindly(person, vasteras):
    state = parameters_of(person.sets_off())["state"]
    before = checksums()

    answer = person.client.get(f"{PLACE}/vasteras/klart/?error=access_denied&state={state}", follow=True)

    assert answer.status_code == 200
    assert "Du avbröt inloggningen" in text_of(answer)
    assert checksums() == before


@pytest.mark.parametrize("said", ["error=login_required&", "error=login_required&code=något&", ""])
def test_what_a_service_refuses_is_told(person, vasteras, said):
    state = parameters_of(person.sets_off())["state"]

    answer = person.client.get(f"{PLACE}/vasteras/klart/?{said}state={state}")

    assert answer.status_code == 403
    assert "ville inte logga in dig" in text_of(answer)


CONFIGURATION = "/.well-known/openid-configuration"
ANSWERS = {
    "a page": {"status": 200, "type": "text/html", "body": "<h1>Underhåll pågår</h1>"},
    "a list": {"status": 200, "type": "application/json", "body": "[]"},
    "nothing": {"status": 200, "type": "application/json", "body": "{}"},
    "a number": {"status": 200, "type": "application/json", "body": "1"},
    "half": {"status": 200, "type": "application/json", "body": '{"issuer": "'},
    "too much": {"status": 200, "type": "application/json", "body": json.dumps({"a": "a" * 1_100_000})},
    "too deep": {"status": 200, "type": "application/json", "body": "[" * 100_000},
    "an error of its own": {"status": 500, "type": "text/html", "body": ""},
    "somewhere else": {"status": 307, "type": "text/html", "body": ""},
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
def test_a_service_that_describes_itself_oddly_makes_a_kind_page(person, vasteras_provider, answer):
    vasteras_provider(answers={CONFIGURATION: answer})

    page = person.client.post(f"{PLACE}/vasteras/")

    assert page.status_code in (400, 403)
    assert "Inloggningen gick inte" in text_of(page)


@pytest.mark.parametrize(
    "path", [CONFIGURATION, "/identity/o/api/token", "/identity/o/api/userinfo", "/.well-known/jwks.json"]
)
@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
def test_a_service_that_answers_oddly_makes_a_kind_page(person, vasteras_provider, path, answer):
    onward = person.sets_off()
    vasteras_provider(answers={path: answer})
    before = checksums()

    page = person.client.get(person.browser.log_in(onward, "anna").removeprefix(HERE))

    assert page.status_code in (400, 403)
    assert "Inloggningen gick inte" in text_of(page)
    assert person.account is None
    assert checksums() == before


def test_the_portal_goes_nowhere_else_than_it_was_told_to(person, vasteras_provider, services):
    configuration = requests.get(f"{services['vasteras'].server}{CONFIGURATION}", timeout=10).text
    moved = {"status": 307, "type": "text/html", "body": "", "location": "/moved/"}
    there = {"status": 200, "type": "application/json", "body": configuration}
    vasteras_provider(answers={CONFIGURATION: moved, "/moved/": there})

    assert person.client.post(f"{PLACE}/vasteras/").status_code == 403


@pytest.mark.parametrize("token", [None, 1, "", "a.b.c", "e30.e30.", "åäö", {}, ["a"]])
def test_a_token_that_is_none_makes_a_kind_page(person, vasteras_provider, token):
    onward = person.sets_off()
    body = json.dumps({"access_token": "a", "id_token": token})
    answer = {"status": 200, "type": "application/json", "body": body}
    vasteras_provider(answers={"/identity/o/api/token": answer})

    page = person.client.get(person.browser.log_in(onward, "anna").removeprefix(HERE))

    assert page.status_code == 403
    assert person.account is None


def test_a_service_that_is_down_makes_a_kind_page(person, services, settings, vasteras):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        settings.OIDC_PROVIDERS = (replace(services["vasteras"], server=closed),)

        answer = person.client.post(f"{PLACE}/vasteras/")

    assert answer.status_code == 400
    assert "svarar inte just nu" in text_of(answer)


@pytest.mark.parametrize("drips", [False, True], ids=["says nothing", "says little at a time"])
def test_a_service_that_is_slow_makes_a_kind_page(person, services, settings, monkeypatch, vasteras, drips):
    settings.SOCIALACCOUNT_REQUESTS_TIMEOUT = 0.2
    monkeypatch.setattr("municipalities.signing_in.services.LONGEST", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as slow:
        Thread(target=hold, args=(slow, drips), daemon=True).start()
        address = f"http://127.0.0.1:{slow.getsockname()[1]}"
        settings.OIDC_PROVIDERS = (replace(services["vasteras"], server=address),)

        answer = person.client.post(f"{PLACE}/vasteras/")

    assert answer.status_code == 400
    assert "svarar inte just nu" in text_of(answer)


def hold(server: socket.socket, drips: bool) -> None:
    """Answers the first caller never, or with a space every 50 ms for four seconds."""
    caller, _address = server.accept()
    with caller:
        if drips:
            caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 80\r\n\r\n")
        for _space in range(80):
            time.sleep(0.05)
            if drips:
                try:
                    caller.sendall(b" ")
                except OSError:
                    return


def test_a_service_that_shows_another_site_than_it_says_is_refused(person, services, settings, vasteras):
    settings.OIDC_PROVIDERS = (replace(services["vasteras"], origins=("https://elsewhere.example",)),)

    assert person.client.post(f"{PLACE}/vasteras/").status_code == 403


def test_a_service_of_an_organisation_that_is_not_there_lets_nobody_in(person, services, db):
    answer = person.client.post(f"{PLACE}/vasteras/")

    assert answer.status_code == 403
    assert "inte färdiginställd" in text_of(answer)


def test_what_is_refused_is_in_the_journal_without_what_was_sent(person, vasteras_provider, caplog):
    vasteras_provider(id_token={"nonce": "en annans"})
    caplog.set_level(logging.INFO, logger="journal")

    way_back = person.is_let_in()
    person.client.get(way_back)

    [line] = [each for each in caplog.records if each.name == "journal" and each.event == "service.refused"]
    assert (line.service, line.reason) == ("vasteras", "nonce")
    told = str(vars(line))
    for secret in (*parameters_of(way_back).values(), "en annans", SECRET, "anna.akesson"):
        assert secret not in told


def test_someone_who_comes_twice_at_once_gets_one_account(transactional_db, providers, services, tmp_path):
    make_municipality("Västerås", key="vasteras")
    told = json.dumps([asdict(services["vasteras"])])

    with running(tmp_path, processes=2, OIDC_PROVIDERS=told) as ports:
        portals = [f"http://127.0.0.1:{port}" for port in ports]
        providers["vasteras"].is_to(redirect_uris=[f"{portal}{PLACE}/vasteras/klart/" for portal in portals])
        arrivals = [at_the_door(portal) for portal in portals * 3]
        with ThreadPoolExecutor(len(arrivals)) as threads:
            answers = list(threads.map(lambda arrival: arrival(), arrivals))

    assert 302 in answers
    assert set(answers) <= {302, 400}


def at_the_door(portal: str) -> Callable[[], int]:
    """Anna, let in at Västerås's provider and about to come back to the portal; gives its answer's status."""
    session = requests.Session()
    session.get(f"{portal}/konto/logga-in/", timeout=30)
    form = {"csrfmiddlewaretoken": session.cookies["csrftoken"]}
    sent = session.post(f"{portal}{PLACE}/vasteras/", form, timeout=30, allow_redirects=False)
    way_back = Browser().log_in(sent.headers["Location"], "anna")
    return lambda: session.get(way_back, timeout=60, allow_redirects=False).status_code


# Confinement


def test_someone_whom_only_a_service_vouches_for_is_not_let_in_by_a_passkey(person, vasteras):
    person.logs_in()
    passkey = Passkey()
    add_passkey(person.client, passkey)

    stranger = Client()
    answer = log_in_by(passkey, stranger)

    assert answer.status_code == 403
    assert "Logga in genom den." in text_of(answer)
    assert Person(stranger).account is None


def test_their_passkey_lets_them_in_once_the_service_is_retired(person, vasteras, settings):
    person.logs_in()
    passkey = Passkey()
    add_passkey(person.client, passkey)
    settings.OIDC_PROVIDERS = ()

    stranger = Client()
    log_in_by(passkey, stranger)

    assert Person(stranger).account == User.objects.get()


def test_their_passkey_is_the_second_step_of_a_log_in_through_the_service(person, vasteras):
    person.logs_in()
    add_passkey(person.client, Passkey())

    again = Person()

    assert again.logs_in()["Location"] == "/konto/logga-in/steg-tva/"
    assert again.account is None


def test_an_administrator_elsewhere_administers_nothing_in_a_session_that_a_service_opened(person, vasteras):
    person.logs_in()
    User.objects.update(is_administrator=True)

    assert not person.account.administers
    assert person.client.get("/admin/").status_code == 403


def test_an_editor_elsewhere_reads_no_draft_in_a_session_that_a_service_opened(person, vasteras, enkoping):
    draft = make_draft(make_plan(owner=enkoping))
    address = f"/planer/{draft.plan.slug}/revideringar/{draft.year}/"
    person.logs_in()
    user = User.objects.get()
    Membership.objects.create(user=user, organisation=enkoping, role=Role.EDITOR)
    here = Client()
    here.force_login(user)

    assert here.get(address).status_code == 200
    assert person.client.get(address).status_code == 404


def test_proving_again_who_one_is_does_not_lift_the_confinement(person, vasteras, enkoping):
    user = connected_user("vasteras", Role.EDITOR, enkoping)
    person.logs_in()

    person.client.post("/konto/bekrafta/", {"password": PASSWORD})

    assert person.account == user
    assert person.account.confined_to == "vasteras"
    assert not person.account.may_write


def test_nor_does_it_lift_it_that_the_library_forgets_how_one_showed_who_one_is(person, vasteras, enkoping):
    connected_user("vasteras", Role.EDITOR, enkoping)
    person.logs_in()

    session = person.client.session
    del session[AUTHENTICATION_METHODS_SESSION_KEY]
    session.save()

    assert person.account.confined_to == "vasteras"


def test_a_session_of_ones_own_counts_all_roles_though_a_service_is_connected(vasteras, enkoping):
    user = connected_user("vasteras", Role.EDITOR, enkoping)
    client = Client()

    client.post("/konto/logga-in/", {"login": user.email, "password": PASSWORD})

    assert Person(client).account.organisations_as(Role.EDITOR) == {enkoping.pk}


def connected_user(service: str, *role: Any, uid: str = "1", **fields: Any) -> User:
    """Someone with a password here who is number 1 at a service, which is Anna."""
    user = make_user(*role, **fields)
    SocialAccount.objects.create(user=user, provider=service, uid=uid)
    return user


def test_a_service_that_is_configured_no_longer_vouches_for_nobody(person, services, settings, vasteras):
    person.logs_in()
    assert person.account
    settings.OIDC_PROVIDERS = (services["enkoping"],)

    assert person.account is None
    assert not Session.objects.filter(session_key=person.client.cookies["sessionid"].value).exists()


def test_a_service_that_moves_to_another_organisation_takes_its_sessions_along(
    person, services, settings, vasteras, enkoping
):
    person.logs_in()
    Membership.objects.create(user=User.objects.get(), organisation=vasteras, role=Role.EDITOR)
    settings.OIDC_PROVIDERS = (replace(services["vasteras"], organisation="enkoping"),)

    assert not person.account.may_write


def test_confinement_takes_no_statement(vasteras, settings):
    local = Client()
    local.force_login(make_user())
    person = Person()
    person.logs_in()

    def statements() -> list[int]:
        counts = []
        for client in (Client(), local, person.client):
            client.get("/om/")
            with CaptureQueriesContext(connection) as made:
                client.get("/om/")
            counts.append(len(made))
        return counts

    with_it = statements()
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if not each.endswith("Confinement")]

    assert with_it == statements()
    assert with_it[0] == 0


# Connecting


def signed_in(user: User) -> Person:
    """Someone with a password, who has just shown who they are."""
    person = Person()
    person.client.post("/konto/logga-in/", {"login": user.email, "password": PASSWORD})
    person.client.post("/konto/bekrafta/", {"password": PASSWORD})
    return person


def test_someone_with_a_role_connects_their_organisations_service_and_then_logs_in_by_it(vasteras):
    user = make_user(Role.EDITOR, vasteras)
    person = signed_in(user)
    assert "Koppla Västerås stad" in text_of(person.client.get(f"{PLACE}/"))

    answer = person.logs_in(process="connect")

    assert answer["Location"] == f"{PLACE}/"
    assert "Nu kan du logga in med Västerås stad." in text_of(person.client.get(f"{PLACE}/"))
    assert person.account.confined_to is None
    again = Person()
    again.logs_in()
    assert again.account == user
    assert again.account.confined_to == "vasteras"
    assert User.objects.count() == 1


def test_the_services_are_shown_to_those_who_have_just_shown_who_they_are(vasteras):
    user = make_user(Role.EDITOR, vasteras)
    client = Client()
    client.force_login(user)

    answer = client.get(f"{PLACE}/")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/konto/bekrafta/")


def test_connecting_asks_who_one_is_first(vasteras):
    client = Client()
    client.force_login(make_user(Role.EDITOR, vasteras))

    answer = client.post(f"{PLACE}/vasteras/", {"process": "connect"})

    assert answer["Location"] == f"{PLACE}/"


def test_a_service_of_an_organisation_where_one_has_no_role_cannot_be_connected(vasteras, enkoping):
    person = signed_in(make_administrator())
    before = checksums()

    answer = person.client.post(f"{PLACE}/vasteras/", {"process": "connect"})

    assert answer.status_code == 403
    assert checksums() == before


def test_nor_when_the_role_ended_on_the_way(vasteras):
    user = make_user(Role.EDITOR, vasteras)
    person = signed_in(user)
    way_back = person.is_let_in(process="connect")
    user.memberships.all().delete()
    before = checksums()

    answer = person.client.get(way_back)

    assert answer.status_code == 403
    assert checksums() == before


def test_nor_when_it_is_long_since_one_showed_who_one_is(vasteras, settings):
    person = signed_in(make_user(Role.EDITOR, vasteras))
    way_back = person.is_let_in(process="connect")
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0

    assert person.client.get(way_back).status_code == 400
    assert not SocialAccount.objects.exists()


def test_a_visitor_connects_nothing(vasteras, person):
    assert person.client.post(f"{PLACE}/vasteras/", {"process": "connect"}).status_code == 403


def test_somebody_elses_log_in_cannot_be_connected(vasteras):
    connected_user("vasteras")
    person = signed_in(make_user(Role.EDITOR, vasteras))
    before = checksums()

    answer = person.logs_in(process="connect")

    assert answer.status_code == 403
    assert "redan kopplad till ett annat konto" in text_of(answer)
    assert checksums() == before


def test_a_service_is_disconnected(vasteras):
    person = signed_in(connected_user("vasteras", Role.EDITOR, vasteras))

    answer = person.client.post(f"{PLACE}/", {"account": SocialAccount.objects.get().pk}, follow=True)

    assert "inte längre kopplad till ditt konto" in text_of(answer)
    assert not SocialAccount.objects.exists()


def test_a_mail_tells_when_a_service_is_connected_and_when_it_no_longer_is(
    vasteras, mailoutbox, django_capture_on_commit_callbacks
):
    user = make_user(Role.EDITOR, vasteras)
    person = signed_in(user)

    with django_capture_on_commit_callbacks(execute=True):
        person.logs_in(process="connect")
    with django_capture_on_commit_callbacks(execute=True):
        person.client.post(f"{PLACE}/", {"account": SocialAccount.objects.get().pk})

    [connected, disconnected] = mailoutbox
    assert connected.to == disconnected.to == [user.email]
    assert "kan från och med nu öppnas genom Västerås stad" in connected.body
    assert "kan inte längre öppnas genom Västerås stad" in disconnected.body


def test_the_only_way_in_stays(person, services, settings, vasteras):
    person.logs_in()
    user = User.objects.get()
    gone = SocialAccount.objects.create(user=user, provider="borttagen", uid="1")
    [vasteras_account] = SocialAccount.objects.filter(provider="vasteras")

    answer = person.client.post(f"{PLACE}/", {"account": vasteras_account.pk})
    person.client.post(f"{PLACE}/", {"account": gone.pk})

    assert answer.status_code == 422
    assert "ditt enda sätt att logga in" in text_of(answer)
    assert [each.provider for each in SocialAccount.objects.all()] == ["vasteras"]


def test_somebody_elses_connection_cannot_be_removed(vasteras):
    connected_user("vasteras")
    person = signed_in(make_user(Role.EDITOR, vasteras))
    before = checksums()

    answer = person.client.post(f"{PLACE}/", {"account": SocialAccount.objects.get().pk})

    assert answer.status_code == 422
    assert checksums() == before


# Pages


def test_pages_that_send_people_on_name_the_services_in_their_policy_and_no_others_do(
    client, services, vasteras
):
    user = make_user(Role.EDITOR, vasteras)
    addresses = " ".join(sorted(service.server for service in services.values()))

    def allowed(answer: Any) -> str:
        [found] = [
            each.removeprefix("form-action ")
            for each in answer["Content-Security-Policy"].split("; ")
            if each.startswith("form-action ")
        ]
        return found

    assert allowed(client.get("/konto/logga-in/")) == f"'self' {addresses}"
    assert allowed(client.post("/konto/logga-in/", {"login": "a"})) == f"'self' {addresses}"
    assert allowed(signed_in(user).client.get(f"{PLACE}/")) == f"'self' {addresses}"
    for address in (
        "/",
        "/konto/glomt-losenord/",
        f"{PLACE}/vasteras/klart/",
        f"{PLACE}/fel/",
        f"{PLACE}/avbruten/",
    ):
        assert allowed(client.get(address)) == "'self'"


def test_a_portal_without_services_says_nothing_of_them(client, settings, db):
    settings.OIDC_PROVIDERS = ()

    page = client.get("/konto/logga-in/")

    assert "Din organisations inloggning" not in text_of(page)
    assert "form-action 'self'" in page["Content-Security-Policy"].split("; ")


def test_there_is_no_form_to_sign_up_by(client, db):
    assert client.get(f"{PLACE}/nytt/").status_code == 404


# In a browser


@pytest.mark.browser
def test_someone_presses_the_services_button_logs_in_there_and_comes_back(
    page: Page, live_server, providers, services, transactional_db
):
    make_municipality("Västerås", key="vasteras")
    tell_all(providers, live_server.url)

    page.goto("/konto/logga-in/?next=/om/")
    page.get_by_role("button", name="Fortsätt med Västerås stad").click()
    page.get_by_label("Username").fill("anna")
    page.get_by_label("Password").fill(PASSWORD_THERE)
    page.get_by_role("button", name="Sign In").click()

    expect(page.get_by_role("button", name="Logga ut")).to_be_visible()
    assert urlsplit(page.url).path == "/om/"
    expect(page.get_by_text("Anna Åkesson")).to_be_visible()


@pytest.mark.browser
def test_someone_connects_their_organisations_service_in_a_browser(
    page: Page, live_server, providers, services, transactional_db
):
    user = make_user(Role.EDITOR, make_municipality("Västerås", key="vasteras"))
    tell_all(providers, live_server.url)
    page.goto("/konto/logga-in/?next=/konto/inloggningstjanster/")
    page.get_by_label("E-post").fill(user.email)
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in", exact=True).click()
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.locator("main").get_by_role("button").first.click()

    page.get_by_role("button", name="Koppla Västerås stad").click()
    page.get_by_label("Username").fill("anna")
    page.get_by_label("Password").fill(PASSWORD_THERE)
    page.get_by_role("button", name="Sign In").click()

    expect(page.get_by_role("button", name="Koppla bort Västerås stad")).to_be_visible()
    assert SocialAccount.objects.get().user == user
