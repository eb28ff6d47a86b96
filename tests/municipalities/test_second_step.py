"""The second step: an app's codes and recovery codes, their secrets, and those of whom it is demanded."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import struct
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.management import CommandError, call_command
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from municipalities.models import Role, User
from municipalities.second_steps import BOUND_FOR, steps_of, take_away
from municipalities.signing_in.configuration import Service
from tests.builders import (
    PASSWORD,
    make_administrator,
    make_coordinator,
    make_organisation,
    make_user,
)
from tests.pages import faults, main_of, read
from tests.passkeys import Passkey

pytestmark = pytest.mark.django_db

Kind = Authenticator.Type


def code_of(secret: str, periods_from_now: int = 0) -> str:
    """What an app shows (RFC 6238), so many periods of thirty seconds from now."""
    moment = struct.pack(">Q", int(time.time()) // 30 + periods_from_now)
    digest = hmac.new(base64.b32decode(secret.replace(" ", "")), moment, hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06}"


def log_in(person: User, client: Client | None = None) -> tuple[Client, Any]:
    """The person's browser and where it comes to, once they have given their password."""
    client = client or Client()
    answer = client.post("/konto/logga-in/", {"login": person.email, "password": PASSWORD})
    return client, answer


def confirm(client: Client) -> None:
    client.post("/konto/bekrafta/", {"password": PASSWORD})


def signed_in(person: User) -> Client:
    """The person's browser, in which they have just confirmed who they are."""
    client, _answer = log_in(person)
    confirm(client)
    return client


def connect_app(client: Client) -> str:
    """Adds an app by way of the pages; returns its secret."""
    secret = main_of(client.get("/konto/tva-steg/app/")).one("code").text
    answer = client.post("/konto/tva-steg/app/", {"code": code_of(secret)})
    assert answer.status_code == 302
    return secret


def codes_on(answer: Any) -> list[str]:
    return [each.text for each in main_of(answer).one("ol", class_="codes").all("code")]


def make_person_with_app(person: User | None = None) -> tuple[User, str, list[str]]:
    """Someone with an app: its secret, and the recovery codes."""
    person = person or make_user()
    client = signed_in(person)
    secret = connect_app(client)
    codes = codes_on(client.get("/konto/tva-steg/reservkoder/"))
    return person, secret, codes


def give_step(person: User) -> Authenticator:
    """A step that is there but can't be used, for tests of whom it is demanded."""
    return Authenticator.objects.create(user=person, type=Kind.WEBAUTHN, data={"name": "Telefonen"})


BY_PASSKEY = "/konto/logga-in/passnyckel/"
NEW_PASSKEY = "/konto/tva-steg/passnycklar/ny/"
CONFIRM_BY_PASSKEY = "/konto/bekrafta/passnyckel/"


def as_json(options: Any) -> dict[str, Any]:
    """What a page gives its script, as the script reads it."""
    return json.loads(DjangoJSONEncoder().encode(options))


def add_passkey(client: Client, passkey: Passkey, name: str = "Telefonen") -> Any:
    options = as_json(client.get(NEW_PASSKEY).context["js_data"]["creation_options"])
    made = passkey.answer_to_making(options)
    return client.post(NEW_PASSKEY, {"name": name, "credential": json.dumps(made)})


def log_in_by(passkey: Passkey, client: Client, follow: bool = False, **more: str) -> Any:
    """Logs in by the passkey alone, as the log-in page's script does."""
    options = client.get(BY_PASSKEY, headers={"Accept": "application/json"}).json()["request_options"]
    answer = {"credential": json.dumps(passkey.answer_to_asking(options))} | more
    return client.post(BY_PASSKEY, answer, follow=follow)


def is_signed_in(client: Client) -> bool:
    return client.get("/konto/").status_code == 200


class TestAnApp:
    def test_is_added_with_a_code_from_it_and_then_asked_for_at_log_in(self):
        person, secret, _codes = make_person_with_app()

        client, answer = log_in(person)
        before = is_signed_in(client)
        client.post(answer["Location"], {"code": code_of(secret)})

        assert (answer["Location"], before) == ("/konto/logga-in/steg-tva/", False)
        assert is_signed_in(client)

    def test_is_not_added_before_it_has_shown_a_right_code(self):
        person = make_user()
        client = signed_in(person)
        secret = main_of(client.get("/konto/tva-steg/app/")).one("code").text
        wrong = f"{(int(code_of(secret)) + 1) % 10**6:06}"

        answer = client.post("/konto/tva-steg/app/", {"code": wrong})

        assert "Koden stämmer inte" in main_of(answer).text
        assert main_of(answer).one("code").text == secret
        assert not Authenticator.objects.exists()

    def test_is_shown_as_a_picture_that_the_policy_allows_with_portal_and_address(self):
        person = make_user(email="anna@example.se")
        page = main_of(signed_in(person).get("/konto/tva-steg/app/"))

        picture = page.one("img")["src"]

        assert picture.startswith("data:image/svg+xml;base64,")
        assert b"<svg" in base64.b64decode(picture.partition(",")[2])
        assert "style=" not in base64.b64decode(picture.partition(",")[2]).decode()

    def test_says_in_its_address_whose_it_is(self):
        client = signed_in(make_user(email="anna@example.se"))

        address = unquote(client.get("/konto/tva-steg/app/").context["totp_url"])

        assert address.startswith("otpauth://totp/anna@example.se?")
        assert "issuer=Handlingsplaner" in address

    def test_can_be_replaced_without_being_without_one(self, settings):
        settings.REQUIRE_MFA = True
        person, old, _codes = make_person_with_app(make_coordinator())
        client = Client()
        client.force_login(person)
        confirm(client)

        new = connect_app(client)

        assert new != old
        assert steps_of(person).count() == 1
        fresh, answer = log_in(person)
        fresh.post(answer["Location"], {"code": code_of(old)})
        assert not is_signed_in(fresh)
        fresh.post(answer["Location"], {"code": code_of(new)})
        assert is_signed_in(fresh)

    def test_is_added_only_by_someone_who_has_just_confirmed_who_they_are(self):
        client, _answer = log_in(make_user())

        answer = client.get("/konto/tva-steg/app/")

        assert unquote(answer["Location"]) == "/konto/bekrafta/?next=/konto/tva-steg/app/"

    def test_is_told_of_by_mail_when_it_comes_and_when_it_goes(self, django_capture_on_commit_callbacks):
        person = make_user()
        client = signed_in(person)

        with django_capture_on_commit_callbacks(execute=True):
            connect_app(client)
        with django_capture_on_commit_callbacks(execute=True):
            client.post("/konto/tva-steg/app/ta-bort/")

        assert [letter.to for letter in mail.outbox] == [[person.email]] * 2
        assert [letter.subject for letter in mail.outbox] == [
            "Ditt konto har en ny app för koder",
            "Appen för koder är borttagen från ditt konto",
        ]


class TestACode:
    def test_works_once_even_while_it_would_still_be_accepted(self):
        person, secret, _codes = make_person_with_app()
        code = code_of(secret, 1)
        client, answer = log_in(person)
        client.post(answer["Location"], {"code": code})

        other, answer = log_in(person)
        refused = other.post(answer["Location"], {"code": code})

        assert is_signed_in(client)
        assert not is_signed_in(other)
        assert "Koden stämmer inte" in main_of(refused).text

    def test_stays_used_for_as_long_as_it_would_be_accepted(self):
        person, secret, _codes = make_person_with_app()
        client, answer = log_in(person)

        client.post(answer["Location"], {"code": code_of(secret)})

        assert seconds_left_of_used_code() > 60

    @pytest.mark.parametrize("periods_from_now", [-3, 3])
    def test_of_another_time_is_refused(self, periods_from_now):
        person, secret, _codes = make_person_with_app()
        client, answer = log_in(person)

        client.post(answer["Location"], {"code": code_of(secret, periods_from_now)})

        assert not is_signed_in(client)

    def test_can_be_guessed_at_only_a_few_times_from_wherever_it_is(self):
        person, secret, _codes = make_person_with_app()
        for guess in range(20):
            client, answer = log_in(person)
            wrong = f"{(int(code_of(secret)) + 1000 * guess + 7) % 10**6:06}"
            client.post("/konto/logga-in/steg-tva/", {"code": wrong}, REMOTE_ADDR=f"192.0.2.{guess}")

        client, answer = log_in(person)
        refused = client.post(answer["Location"], {"code": code_of(secret)})

        assert not is_signed_in(client)
        assert "för många försök" in main_of(refused).text

    @pytest.mark.parametrize("odd", ["", " ", "\x00", "åäö" * 20, "½²³", "9" * 5000, "null"])
    def test_that_is_no_code_at_all_is_refused_politely(self, odd):
        person, _secret, _codes = make_person_with_app()
        client, answer = log_in(person)

        refused = client.post(answer["Location"], {"code": odd})

        assert refused.status_code == 200
        assert not is_signed_in(client)


def seconds_left_of_used_code() -> float:
    """How long the mark of the one code that has been used is still there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT expires FROM cache WHERE cache_key LIKE %s", ["%totp.used%"])
        [(expires,)] = cursor.fetchall()
    moment = expires if isinstance(expires, datetime) else datetime.fromisoformat(expires)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (moment - datetime.now(UTC)).total_seconds()


class TestRecoveryCodes:
    def test_are_not_spent_by_asking_for_the_pages_head(self):
        client = signed_in(make_user())
        connect_app(client)

        assert client.head("/konto/tva-steg/reservkoder/").status_code == 405

        assert len(codes_on(client.get("/konto/tva-steg/reservkoder/"))) == 10

    def test_are_shown_once_when_the_first_step_is_set_up(self):
        client = signed_in(make_user())
        connect_app(client)

        first = codes_on(client.get("/konto/tva-steg/reservkoder/"))
        again = client.get("/konto/tva-steg/reservkoder/")

        assert len(set(first)) == 10
        assert not any(code in again.content.decode() for code in first)
        assert "Du har 10 reservkoder kvar" in main_of(again).text

    def test_can_be_saved_as_text_from_the_page_that_shows_them(self):
        person = make_user()
        client = signed_in(person)
        connect_app(client)
        page = main_of(client.get("/konto/tva-steg/reservkoder/"))

        [link] = [each for each in page.all("a") if each["download"]]
        kind, _comma, text = link["href"].partition(",")

        assert (kind, link["download"]) == ("data:text/plain;charset=utf-8", "reservkoder.txt")
        saved = unquote(text)
        assert person.email in saved
        assert re.findall(r"\d{4} \d{4}", saved) == [each.text for each in page.all("code")]

    def test_can_be_fetched_as_text_instead_of_being_shown(self):
        client = signed_in(make_user())
        connect_app(client)

        answer = client.get("/konto/tva-steg/reservkoder.txt")

        assert 'filename="reservkoder.txt"' in answer["Content-Disposition"]
        assert len(re.findall(r"\d{4} \d{4}", answer.content.decode())) == 10
        assert client.get("/konto/tva-steg/reservkoder.txt").status_code == 403

    def test_work_instead_of_the_app_and_each_of_them_once(self):
        person, _secret, codes = make_person_with_app()
        client, answer = log_in(person)
        client.post(answer["Location"], {"code": codes[3]})

        other, answer = log_in(person)
        other.post(answer["Location"], {"code": codes[3]})

        assert is_signed_in(client)
        assert not is_signed_in(other)

    def test_replace_the_earlier_ones_when_new_are_made(self):
        person, _secret, codes = make_person_with_app()
        client = Client()
        client.force_login(person)
        confirm(client)

        client.post("/konto/tva-steg/reservkoder/nya/")
        new = codes_on(client.get("/konto/tva-steg/reservkoder/"))

        assert not {*new} & {*codes}
        fresh, answer = log_in(person)
        fresh.post(answer["Location"], {"code": codes[0]})
        assert not is_signed_in(fresh)
        fresh.post(answer["Location"], {"code": new[0]})
        assert is_signed_in(fresh)

    def test_tell_their_owner_when_few_are_left(self):
        person, _secret, codes = make_person_with_app()
        told = []
        for code in codes[:7]:
            client, answer = log_in(person)
            client.post(answer["Location"], {"code": code})
            told.append("reservkoder kvar" in client.get("/konto/").content.decode())

        assert told == [False] * 6 + [True]

    def test_are_no_second_step_on_their_own(self, settings):
        settings.REQUIRE_MFA = True
        person, _secret, _codes = make_person_with_app(make_coordinator())

        steps_of(person).delete()

        client = Client()
        client.force_login(person)
        assert client.get("/att-gora/")["Location"] == "/konto/tva-steg/"

    def test_are_nothing_for_someone_without_a_step(self):
        client = signed_in(make_user())

        refused = client.post("/konto/tva-steg/reservkoder/nya/")

        assert "Lägg till en app eller en passnyckel först" in main_of(refused).text
        assert client.get("/konto/tva-steg/reservkoder/").status_code == 404


class TestSecrets:
    def test_can_not_be_read_in_the_database(self):
        _person, secret, codes = make_person_with_app()

        kept = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))

        assert secret.replace(" ", "") not in kept
        assert not any(code.replace(" ", "") in kept for code in codes)
        assert kept.count("gAAAA") == 2  # how what Fernet has sealed begins

    def test_can_not_be_read_in_the_session_before_the_app_is_added_either(self):
        client = signed_in(make_user())

        secret = main_of(client.get("/konto/tva-steg/app/")).one("code").text

        assert secret.replace(" ", "") not in json.dumps(dict(client.session.items()))

    def test_survive_a_change_of_key_while_the_old_one_is_named(self, settings):
        person, secret, _codes = make_person_with_app()

        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "en annan nyckel" * 5

        client, answer = log_in(person)
        client.post(answer["Location"], {"code": code_of(secret)})
        assert is_signed_in(client)

    def test_need_the_old_key_no_more_when_they_are_sealed_anew(self, settings, capsys):
        person, secret, codes = make_person_with_app()
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "en annan nyckel" * 5

        call_command("reseal_second_steps")
        settings.SECRET_KEY_FALLBACKS = []

        assert "Sealed anew: 2" in capsys.readouterr().out
        for code in (code_of(secret), codes[0]):
            client, answer = log_in(person)
            client.post(answer["Location"], {"code": code})
            assert is_signed_in(client)

    def test_that_no_key_opens_are_not_sealed_anew_but_named(self, settings):
        make_person_with_app()
        settings.SECRET_KEY = "en annan nyckel" * 5

        with pytest.raises(CommandError, match="SECRET_KEY_FALLBACKS"):
            call_command("reseal_second_steps")


class TestALostKey:
    """SECRET_KEY was changed and the old one is gone: nobody's codes can be checked any longer."""

    @pytest.fixture
    def person_and_secret(self, settings) -> tuple[User, str]:
        person, secret, _codes = make_person_with_app()
        settings.SECRET_KEY = "en annan nyckel" * 5
        return person, secret

    def test_is_said_at_log_in_together_with_the_way_out(self, person_and_secret):
        person, secret = person_and_secret
        client, answer = log_in(person)

        refused = client.post(answer["Location"], {"code": code_of(secret)})

        assert refused.status_code == 200
        assert "Portalens nyckel har bytts" in main_of(refused).text
        assert "administratör" in main_of(refused).text
        assert not is_signed_in(client)

    def test_lets_an_administrator_or_the_server_take_the_step_away(self, person_and_secret):
        person, _secret = person_and_secret

        call_command("take_away_second_step", person.email.upper())

        client, _answer = log_in(person)
        assert is_signed_in(client)

    def test_leaves_pages_of_codes_that_lead_to_new_ones(self, person_and_secret):
        person, _secret = person_and_secret
        client = Client()
        client.force_login(person)
        confirm(client)

        shown = client.get("/konto/tva-steg/reservkoder/", follow=True)

        assert shown.redirect_chain == [("/konto/tva-steg/reservkoder/nya/", 302)]
        assert "dina reservkoder gäller inte längre" in shown.content.decode()
        client.post("/konto/tva-steg/reservkoder/nya/")
        assert len(codes_on(client.get("/konto/tva-steg/reservkoder/"))) == 10
        assert client.get("/konto/tva-steg/").status_code == 200


class TestTheDemand:
    @pytest.fixture(autouse=True)
    def demanded(self, settings) -> None:
        settings.REQUIRE_MFA = True

    @pytest.mark.parametrize("role", [Role.COORDINATOR, Role.EDITOR])
    def test_meets_those_who_may_write_in_some_organisation(self, role):
        client, _answer = log_in(make_user(role))

        assert client.get("/att-gora/")["Location"] == "/konto/tva-steg/"
        assert "Ditt konto behöver ett andra steg" in main_of(client.get("/konto/tva-steg/")).text

    def test_leads_on_afterwards_to_the_page_that_was_read_last_and_not_to_where_a_form_was_sent(self):
        client, _answer = log_in(make_coordinator())

        client.get("/att-gora/")
        client.post("/planer/4m/uppfoljning/2016/arbetsyta/stang/", {"seen": "open"})

        assert client.session[BOUND_FOR] == "/att-gora/"

    def test_meets_administrators_in_the_admin_site_too(self):
        client, _answer = log_in(make_administrator())

        assert client.get("/admin/")["Location"] == "/konto/tva-steg/"

    @pytest.mark.parametrize("role", [Role.READER, None])
    def test_does_not_meet_those_who_only_read(self, role):
        client, _answer = log_in(make_user(role))

        assert client.get("/att-gora/").status_code == 200
        assert "behöver ett andra steg" not in main_of(client.get("/konto/tva-steg/")).text

    def test_does_not_meet_visitors(self, client):
        assert client.get("/").status_code == 200
        assert "logga-in" in client.get("/att-gora/")["Location"]

    def test_is_there_only_when_the_portal_requires_it(self, settings):
        settings.REQUIRE_MFA = False
        client, _answer = log_in(make_coordinator())

        assert client.get("/att-gora/").status_code == 200

    def test_meets_a_reader_at_the_first_request_after_they_are_given_a_role(self):
        reader = make_user(Role.READER)
        client, _answer = log_in(reader)
        before = client.get("/att-gora/").status_code

        reader.memberships.update(role=Role.COORDINATOR)

        assert (before, client.get("/att-gora/").status_code) == (200, 302)

    def test_stands_on_the_start_page_which_shows_more_to_some(self):
        client, _answer = log_in(make_coordinator())

        assert client.get("/")["Location"] == "/konto/tva-steg/"

    @pytest.mark.parametrize("address", ["/om/", "/kakor/", "/halsa/", "/konto/", "/konto/losenord/"])
    def test_leaves_alone_what_tells_everyone_the_same_and_ones_own_account(self, address):
        client, _answer = log_in(make_coordinator())

        assert client.get(address).headers.get("Location", "") != "/konto/tva-steg/"

    def test_ends_with_the_first_step_and_leads_on_to_where_one_was_going(self):
        person = make_coordinator()
        client = signed_in(person)
        client.get("/att-gora/?fran=brevet")

        connect_app(client)
        page = main_of(client.get("/konto/tva-steg/reservkoder/"))

        [onward] = [link for link in page.all("a") if "sparat" in link.text]
        assert onward["href"] == "/att-gora/?fran=brevet"
        assert client.get(onward["href"]).status_code == 200

    def test_gives_back_what_was_typed(self):
        client, _answer = log_in(make_coordinator())

        refused = client.post("/att-gora/", {"comment": "Tre meningar\nsom tog tid.", "seen": "0"})

        assert refused.status_code == 403
        assert "Tre meningar som tog tid." in main_of(refused).text
        assert faults(read(refused)) == []

    def test_costs_no_statement(self, settings):
        person = make_coordinator()
        give_step(person)
        client = Client()
        client.force_login(person)
        client.get("/att-gora/")  # whatever a session's first page costs

        def statements(required: bool) -> list[str]:
            settings.REQUIRE_MFA = required
            with CaptureQueriesContext(connection) as captured:
                assert client.get("/att-gora/").status_code == 200
            return [each["sql"] for each in captured]

        without = statements(False)
        asked = statements(True)

        assert len(asked) == len(without)
        assert len([sql for sql in asked if "mfa_authenticator" in sql]) == 1

    def test_does_not_meet_someone_whose_service_asks_for_two_steps(self, settings):
        assert self.answer_through("vasteras", settings).status_code == 200

    def test_meets_someone_whose_service_does_not(self, settings):
        assert self.answer_through("botkyrka", settings).status_code == 302

    def test_is_not_met_by_a_service_that_another_person_used_in_the_session(self, settings):
        assert self.answer_through("vasteras", settings, user="någon annan").status_code == 302

    def test_does_not_meet_them_when_the_library_forgets_how_the_session_began(self, settings):
        answer = self.answer_through("vasteras", settings, user="någon annan", opened_by="vasteras")

        assert answer.status_code == 200

    def answer_through(self, provider: str, settings: Any, user: str = "", **kept: str) -> Any:
        """What a coordinator gets whose session was opened through their organisation's service."""
        settings.OIDC_PROVIDERS = tuple(
            Service(key, key, key, "https://example.se", "client", "secret", second_factor=asks)
            for key, asks in [("vasteras", True), ("botkyrka", False)]
        )
        person = make_coordinator(make_organisation(key=provider))
        client = Client()
        client.force_login(person)
        session = client.session
        session["account_authentication_methods"] = [
            {"method": "socialaccount", "provider": provider, "uid": "1", "at": time.time()}
        ]
        session["account_authentication_methods_user"] = user or str(person.pk)
        session.update(kept)
        session.save()
        return client.get("/att-gora/")


class TestTheLastStep:
    @pytest.fixture(autouse=True)
    def demanded(self, settings) -> None:
        settings.REQUIRE_MFA = True

    def test_can_not_be_removed_while_it_is_demanded_and_the_page_says_what_to_do(self):
        person, _secret, _codes = make_person_with_app(make_coordinator())
        client = Client()
        client.force_login(person)
        confirm(client)

        shown = client.get("/konto/tva-steg/app/ta-bort/")
        refused = client.post("/konto/tva-steg/app/ta-bort/")

        for answer in (shown, refused):
            assert "Lägg till det nya innan du tar bort det gamla" in main_of(answer).text
        assert steps_of(person).count() == 1

    def test_can_not_be_removed_when_it_is_a_passkey_either(self):
        person = make_coordinator()
        step = give_step(person)
        client = Client()
        client.force_login(person)
        confirm(client)

        shown = client.get(f"/konto/tva-steg/passnycklar/{step.pk}/ta-bort/")
        refused = client.post(f"/konto/tva-steg/passnycklar/{step.pk}/ta-bort/")

        for answer in (shown, refused):
            assert "Lägg till det nya innan du tar bort det gamla" in main_of(answer).text
        assert steps_of(person).count() == 1

    def test_but_one_can_be_removed_when_there_is_another(self):
        person, _secret, _codes = make_person_with_app(make_coordinator())
        give_step(person)
        client = Client()
        client.force_login(person)
        confirm(client)

        client.post("/konto/tva-steg/app/ta-bort/")

        assert [each.type for each in steps_of(person)] == [Kind.WEBAUTHN]

    def test_can_be_removed_by_a_reader_and_its_recovery_codes_go_with_it(self):
        person, _secret, _codes = make_person_with_app(make_user(Role.READER))
        client = Client()
        client.force_login(person)
        confirm(client)

        client.post("/konto/tva-steg/app/ta-bort/")

        assert not Authenticator.objects.exists()

    def test_is_asked_for_again_when_it_has_been_removed(self, settings):
        settings.REQUIRE_MFA = False
        person, _secret, _codes = make_person_with_app(make_coordinator())
        client = Client()
        client.force_login(person)
        settings.REQUIRE_MFA = True
        seen = client.get("/att-gora/").status_code
        settings.REQUIRE_MFA = False
        confirm(client)
        client.post("/konto/tva-steg/app/ta-bort/")

        settings.REQUIRE_MFA = True

        assert (seen, client.get("/att-gora/").status_code) == (200, 302)

    def test_is_asked_for_at_once_in_a_session_other_than_the_one_in_which_it_was_removed(self, settings):
        settings.REQUIRE_MFA = False
        person, _secret, _codes = make_person_with_app(make_coordinator())
        here, elsewhere = Client(), Client()
        for client in (here, elsewhere):
            client.force_login(person)
        settings.REQUIRE_MFA = True
        before = here.get("/att-gora/").status_code
        settings.REQUIRE_MFA = False
        confirm(elsewhere)
        elsewhere.post("/konto/tva-steg/app/ta-bort/")
        assert not steps_of(person).exists()

        settings.REQUIRE_MFA = True

        assert (before, here.get("/att-gora/").status_code) == (200, 302)

    def test_is_taken_away_with_the_persons_sessions_when_they_have_lost_it(self):
        person, secret, _codes = make_person_with_app(make_coordinator())
        client, answer = log_in(person)
        client.post(answer["Location"], {"code": code_of(secret)})
        client.get("/konto/")
        before = is_signed_in(client)

        take_away(person, by=make_administrator())

        assert before
        assert not is_signed_in(client)
        fresh, _answer = log_in(person)
        assert fresh.get("/att-gora/")["Location"] == "/konto/tva-steg/"


class TestAPasskey:
    @pytest.fixture(autouse=True)
    def browsers_speak_of_this_site(self, settings) -> None:
        settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False

    def test_is_added_by_its_name_and_gives_recovery_codes(self):
        person = make_user()
        client = signed_in(person)

        answer = add_passkey(client, Passkey(), name="Tjänstetelefonen")

        assert answer["Location"] == "/konto/tva-steg/reservkoder/"
        assert "Tjänstetelefonen" in main_of(client.get("/konto/tva-steg/")).text

    def test_is_called_something_when_its_owner_called_it_nothing(self):
        add_passkey(signed_in(make_user()), Passkey(), name=" ")
        person = make_user()
        client = signed_in(person)

        add_passkey(client, Passkey(), name=" ")

        passkey = Authenticator.objects.get(type=Kind.WEBAUTHN, user=person)
        assert passkey.data["name"] == "Passnyckel 1"
        assert Authenticator.objects.filter(user=person).count() == 2  # with the recovery codes
        assert get_adapter().generate_authenticator_name(person, Kind.WEBAUTHN) == "Passnyckel 2"

    def test_logs_in_without_a_password_and_is_both_steps(self, settings):
        settings.REQUIRE_MFA = True
        passkey = Passkey()
        person = make_coordinator()
        add_passkey(signed_in(person), passkey)

        client = Client()
        answer = log_in_by(passkey, client, next="/att-gora/")

        assert answer["Location"] == "/att-gora/"
        assert client.get("/att-gora/").status_code == 200

    def test_is_the_second_step_after_a_password(self):
        passkey = Passkey()
        person = make_user()
        add_passkey(signed_in(person), passkey)

        client, answer = log_in(person)
        before = is_signed_in(client)
        options = client.get(answer["Location"]).context["js_data"]["request_options"]
        client.post(
            answer["Location"], {"credential": json.dumps(passkey.answer_to_asking(as_json(options)))}
        )

        assert not before
        assert is_signed_in(client)
        assert Authenticator.objects.get(type=Kind.WEBAUTHN).last_used_at

    def test_must_verify_who_holds_it(self):
        client = signed_in(make_user())

        refused = add_passkey(client, Passkey(verifies=False))

        assert "Passnyckeln gick inte att använda" in main_of(refused).text
        assert not Authenticator.objects.exists()

    def test_that_does_not_verify_any_longer_does_not_log_in_alone(self):
        passkey = Passkey()
        add_passkey(signed_in(make_user()), passkey)
        passkey.verifies = False

        client = Client()
        log_in_by(passkey, client)

        assert not is_signed_in(client)

    def test_of_another_site_is_refused(self):
        client = signed_in(make_user())

        refused = add_passkey(client, Passkey(site="testserver.example.org"))

        assert "Passnyckeln gick inte att använda" in main_of(refused).text

    def test_answers_one_question_once(self):
        passkey = Passkey()
        add_passkey(signed_in(make_user()), passkey)
        client = Client()
        options = client.get(BY_PASSKEY, headers={"Accept": "application/json"}).json()["request_options"]
        answer = json.dumps(passkey.answer_to_asking(options))
        client.post(BY_PASSKEY, {"credential": answer})
        first = is_signed_in(client)

        client.post("/konto/logga-ut/")
        client.post(BY_PASSKEY, {"credential": answer})

        assert first
        assert not is_signed_in(client)

    def test_that_nobody_has_is_refused_with_a_sentence(self):
        stranger = Passkey()
        stranger.owner = b"999999"
        client = Client()

        refused = log_in_by(stranger, client, follow=True)

        assert "Passnyckeln gick inte att använda" in refused.content.decode()

    def test_keeps_only_what_is_needed_to_know_it_again(self):
        client = signed_in(make_user())
        options = as_json(client.get(NEW_PASSKEY).context["js_data"]["creation_options"])
        made = Passkey().answer_to_making(options) | {"more": "\x00\ud800"}

        client.post(NEW_PASSKEY, {"name": "Telefonen", "credential": json.dumps(made)})

        kept = Authenticator.objects.get(type=Kind.WEBAUTHN).data["credential"]
        assert {*kept} == {"id", "rawId", "type", "response"}
        assert {*kept["response"]} == {"clientDataJSON", "attestationObject"}

    def test_confirms_who_one_is(self):
        passkey = Passkey()
        person = make_user()
        add_passkey(signed_in(person), passkey)
        client = Client()
        client.force_login(person)

        page = client.get(f"{CONFIRM_BY_PASSKEY}?next=/konto/tva-steg/app/")
        answer = passkey.answer_to_asking(as_json(page.context["js_data"]["request_options"]))
        client.post(CONFIRM_BY_PASSKEY, {"credential": json.dumps(answer), "next": "/konto/tva-steg/app/"})

        assert client.get("/konto/tva-steg/app/").status_code == 200

    @pytest.mark.parametrize(
        "credential",
        [
            "",
            "{}",
            "[]",
            "1",
            '"x"',
            "null",
            '{"id": "x"}',
            '{"response": []}',
            '{"id": "é", "rawId": "é"}',
            '{"id": "eA", "rawId": "eA", "type": "public-key", "response": {"clientDataJSON": "MQ"}}',
            "[" * 5000,
            "9" * 5000,
        ],
    )
    def test_that_is_none_at_all_is_refused_politely_everywhere(self, credential):
        person = make_user()
        client = signed_in(person)
        add_passkey(client, Passkey())
        at_the_door, _answer = log_in(person)

        for browser, address in [
            (Client(), BY_PASSKEY),
            (at_the_door, "/konto/logga-in/steg-tva/"),
            (client, NEW_PASSKEY),
            (client, CONFIRM_BY_PASSKEY),
        ]:
            answer = browser.post(address, {"credential": credential, "name": "Telefonen"}, follow=True)

            assert answer.status_code == 200
            assert "Försök igen" in answer.content.decode()

    def test_are_somebody_elses_to_everyone_else(self):
        step = give_step(make_user())
        client = signed_in(make_user())

        for page in ("", "ta-bort/"):
            address = f"/konto/tva-steg/passnycklar/{step.pk}/{page}"
            assert client.get(address).status_code == 404
            assert client.post(address, {"name": "Min"}).status_code == 404

    def test_are_renamed_and_removed_only_by_someone_who_has_just_confirmed_who_they_are(self):
        person = make_user()
        step = give_step(person)
        client = Client()
        client.force_login(person)

        for page in ("", "ta-bort/"):
            answer = client.post(f"/konto/tva-steg/passnycklar/{step.pk}/{page}", {"name": "Min"})
            assert answer["Location"].startswith("/konto/bekrafta/?next=")

        assert Authenticator.objects.get().data["name"] == "Telefonen"

    def test_have_names_that_are_shown_as_text(self):
        person = make_user()
        step = give_step(person)
        client = Client()
        client.force_login(person)
        confirm(client)

        client.post(f"/konto/tva-steg/passnycklar/{step.pk}/", {"name": "<script>alert(1)</script>"})

        assert "<script>alert(1)" not in client.get("/konto/tva-steg/").content.decode()
        assert "<script>alert(1)</script>" in main_of(client.get("/konto/tva-steg/passnycklar/")).text


def test_every_page_of_the_second_step_can_be_used():
    person, _secret, _codes = make_person_with_app()
    client = Client()
    client.force_login(person)
    confirm(client)
    add_passkey(client, Passkey())
    step = steps_of(person).get(type=Kind.WEBAUTHN)
    at_the_door, second = log_in(person)
    pages = [
        client.get(f"/konto/{address}")
        for address in (
            "tva-steg/",
            "tva-steg/app/",
            "tva-steg/app/ta-bort/",
            "tva-steg/passnycklar/",
            f"tva-steg/passnycklar/{step.pk}/",
            f"tva-steg/passnycklar/{step.pk}/ta-bort/",
            "tva-steg/reservkoder/",
            "tva-steg/reservkoder/nya/",
            "bekrafta/kod/",
            "bekrafta/passnyckel/",
        )
    ]

    for answer in [*pages, at_the_door.get(second.url)]:
        assert answer.status_code == 200
        assert faults(read(answer)) == [], answer.request["PATH_INFO"]
