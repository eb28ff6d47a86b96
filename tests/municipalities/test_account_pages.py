"""The pages of one's own account: logging in and out, password, address, name and sessions."""

import re
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from urllib.parse import quote

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import mail, signing
from django.test import Client
from django.utils.http import int_to_base36

from municipalities import browsers
from municipalities.addresses import LASTS, SALT, Change
from municipalities.models import Role, User
from municipalities.signing_in.configuration import Service
from tests.builders import PASSWORD, make_administrator, make_organisation, make_user
from tests.pages import Element, faults, main_of, read

pytestmark = pytest.mark.django_db

LOG_IN = "/konto/logga-in/"
FORGOTTEN = "/konto/glomt-losenord/"
PASSWORD_PAGE = "/konto/losenord/"
ADDRESS = "/konto/e-post/"
SESSIONS = "/konto/sessioner/"
ANOTHER = "en annan mening som ingen känner"
WRONG = "E-postadressen eller lösenordet stämmer inte. Försök igen."
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Mobile/15E148 Safari/604.1"
)

Sending = Callable[[], AbstractContextManager[object]]


@pytest.fixture
def sending(django_capture_on_commit_callbacks) -> Sending:
    """What is done inside is committed when it ends, and its mails are sent: `with sending(): …`."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def log_in(user: User, password: str = PASSWORD, browser: str = FIREFOX) -> Client:
    """A browser in which someone has logged in on the page."""
    client = Client(headers={"user-agent": browser})
    answer = client.post(LOG_IN, {"login": user.email, "password": password})
    assert answer.status_code == 302, main_of(answer).text
    return client


def confirm(client: Client, password: str = PASSWORD) -> None:
    """Shows that it is the same person, as is asked before what they log in by is changed."""
    assert client.post("/konto/bekrafta/", {"password": password}).status_code == 302


def is_signed_in(client: Client) -> bool:
    return client.get("/konto/").status_code == 200


def link_in_the_mail() -> str:
    """The path of the link in the mail that was sent last."""
    return re.findall(r"http://testserver(/konto/\S+/\S+/)", str(mail.outbox[-1].body))[0]


@pytest.fixture
def of_a_service(settings) -> User:
    """Someone for whom a log-in service vouches, who has no password here."""
    service = Service("vasteras", "Västerås stad", "vasteras", "https://adfs.example", "id", "secret")
    settings.OIDC_PROVIDERS = (service,)
    user = make_user(password=None)
    SocialAccount.objects.create(user=user, provider=service.id, uid="17")
    return user


# Logging in and out


def test_someone_with_an_account_logs_in_and_comes_to_where_they_were_going(client):
    answer = client.post(LOG_IN, {"login": make_user().email, "password": PASSWORD, "next": "/att-gora/?x=1"})

    assert (answer.status_code, answer["Location"]) == (302, "/att-gora/?x=1")
    assert is_signed_in(client)


def test_an_address_is_the_same_however_it_is_typed(client):
    make_user(email="eva.ek@example.se")

    answer = client.post(LOG_IN, {"login": " Eva.Ek@Example.SE ", "password": PASSWORD})

    assert answer.status_code == 302


def test_the_log_in_page_has_the_words_that_everyone_knows(client):
    page = main_of(client.get(LOG_IN))

    assert [label.text for label in page.all("label")] == ["E-post", "Lösenord"]
    assert [button.text for button in page.all("button", class_="btn-main")] == ["Logga in"]
    assert page.one("input", name="login")["autocomplete"] == "username"
    assert page.one("input", name="password")["autocomplete"] == "current-password"
    assert not [field for field in page.all("input") if field["placeholder"]]
    assert {FORGOTTEN, "/konto/registrera/"} <= {link["href"] for link in page.all("a")}


def refusal(login: str, password: str) -> tuple[int, str]:
    answer = Client().post(LOG_IN, {"login": login, "password": password})
    text = re.sub(r'value="[^"]*"', "", answer.content.decode())
    return answer.status_code, text


def test_unknown_address_wrong_password_and_closed_account_are_answered_alike():
    known, closed = make_user(), make_user(is_active=False)

    answers = {
        refusal("ingen@example.se", PASSWORD),
        refusal(known.email, "fel lösenord"),
        refusal(closed.email, PASSWORD),
        refusal(closed.email, "fel lösenord"),
        refusal(make_user(password=None).email, PASSWORD),
    }

    [(status, text)] = answers
    assert status == 422
    assert WRONG in text
    assert faults(read(text)) == []


def test_a_log_in_that_is_refused_keeps_the_address_but_never_the_password(client):
    page = main_of(client.post(LOG_IN, {"login": "eva@example.se", "password": "fel lösenord"}))

    assert page.one("input", name="login")["value"] == "eva@example.se"
    assert page.one("input", name="password")["value"] == ""


def test_an_empty_form_says_what_is_missing(client):
    answer = client.post(LOG_IN, {})

    assert answer.status_code == 422
    assert len(main_of(answer).all("div", class_="error")) == 2


def test_whoever_guesses_for_long_is_asked_to_wait(client):
    user = make_user()
    for _attempt in range(30):
        answer = client.post(LOG_IN, {"login": user.email, "password": "fel lösenord"})
        if answer.status_code != 422:
            break

    assert answer.status_code == 429
    assert "Vänta en stund" in main_of(answer).text
    assert faults(read(answer)) == []


@pytest.mark.parametrize(
    "away",
    ["https://example.org/", "//example.org", "http://127.0.0.1/", "https://localhost/", "/\\example.org"],
)
def test_logging_in_leads_to_no_other_site_not_even_one_the_portal_answers_for(client, away):
    answer = client.post(LOG_IN, {"login": make_user().email, "password": PASSWORD, "next": away})

    assert answer["Location"] == "/"


def test_a_script_gets_a_page_like_everyone_else(client):
    answer = client.post(
        LOG_IN, {}, headers={"x-requested-with": "XMLHttpRequest", "accept": "application/json"}
    )

    assert answer["Content-Type"].startswith("text/html")


def test_logging_out_is_asked_about_and_leaves_no_cookie_behind():
    client = log_in(make_user())

    page = client.get("/konto/logga-ut/")
    assert faults(read(page)) == []
    assert is_signed_in(client)
    answer = client.post("/konto/logga-ut/")

    assert answer["Location"] == "/"
    assert answer.cookies["sessionid"].value == ""
    assert not is_signed_in(client)


# An account is not something that one takes


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_registers_by_themselves_but_is_told_how_one_is_invited(client, method):
    fields = {"email": "ny@example.se", "password1": PASSWORD}

    answer = getattr(client, method)("/konto/registrera/", fields)

    assert "blir inbjuden" in main_of(answer).text
    assert not User.objects.exists()


# A forgotten password


def test_a_forgotten_password_is_replaced_by_way_of_a_mail(client, sending):
    user = make_user()
    elsewhere = log_in(user)

    with sending():
        answer = client.post(FORGOTTEN, {"email": user.email.upper()}, follow=True)
    assert main_of(answer).one("h1").text == "Titta i din e-post"
    [letter] = mail.outbox
    assert letter.to == [user.email]
    page = client.get(link_in_the_mail(), follow=True)
    assert faults(read(page)) == []
    with sending():
        done = client.post(
            page.request["PATH_INFO"], {"password1": ANOTHER, "password2": ANOTHER}, follow=True
        )

    assert main_of(done).one("h1").text == "Ditt nya lösenord är sparat"
    assert not read(done).all("div", class_="messages")
    assert not is_signed_in(elsewhere)
    assert not is_signed_in(client)
    assert is_signed_in(log_in(user, ANOTHER))
    assert mail.outbox[-1].subject == "Ditt nya lösenord är sparat"


def test_whoever_guessed_for_too_long_gets_in_with_a_new_password(client):
    user = make_user()
    while client.post(LOG_IN, {"login": user.email, "password": "fel lösenord"}).status_code != 429:
        pass
    token = PasswordResetTokenGenerator().make_token(user)
    page = client.get(f"{FORGOTTEN}{int_to_base36(user.pk)}-{token}/", follow=True)

    client.post(page.request["PATH_INFO"], {"password1": ANOTHER, "password2": ANOTHER})

    assert is_signed_in(log_in(user, ANOTHER))


def test_the_link_works_once(client, sending):
    user = make_user()
    with sending():
        client.post(FORGOTTEN, {"email": user.email})
    link = link_in_the_mail()
    page = client.get(link, follow=True)
    client.post(page.request["PATH_INFO"], {"password1": ANOTHER, "password2": ANOTHER})

    page = main_of(Client().get(link, follow=True))

    assert page.one("h1").text == "Länken gäller inte längre"
    assert page.one("a", class_="btn-main")["href"] == FORGOTTEN


class Earlier(PasswordResetTokenGenerator):
    """Makes the tokens that were made some time ago."""

    def __init__(self, ago: timedelta) -> None:
        super().__init__()
        self.ago = ago

    def _now(self) -> datetime:
        return datetime.now() - self.ago  # noqa: DTZ005 (as Django counts)


@pytest.mark.parametrize(("minutes", "works"), [(239, True), (241, False)])
def test_the_link_works_for_four_hours(client, minutes, works):
    user = make_user()
    token = Earlier(timedelta(minutes=minutes)).make_token(user)

    page = main_of(client.get(f"{FORGOTTEN}{int_to_base36(user.pk)}-{token}/", follow=True))

    assert (page.one("h1").text == "Välj ett nytt lösenord") is works


def test_the_link_is_dead_once_the_address_is_another(client):
    user = make_user()
    link = f"{FORGOTTEN}{int_to_base36(user.pk)}-{PasswordResetTokenGenerator().make_token(user)}/"
    User.objects.filter(pk=user.pk).update(email="annan@example.se")

    assert main_of(client.get(link, follow=True)).one("h1").text == "Länken gäller inte längre"


@pytest.mark.parametrize("path", ["1-x", "zzzzzzzzzzzzz-x", "0-set-password", "1-set-password"])
def test_a_link_that_never_was_one_gets_a_kind_answer(client, path):
    answer = client.get(f"{FORGOTTEN}{path}/", follow=True)

    assert main_of(answer).one("h1").text == "Länken gäller inte längre"
    assert faults(read(answer)) == []


def test_asking_for_a_link_looks_alike_for_all_and_each_gets_the_mail_that_is_true(sending, of_a_service):
    people = {
        make_user().email: "Välj ett nytt lösenord",
        "ingen@example.se": "Det finns inget konto med den här adressen",
        make_user(is_active=False).email: "Det finns inget konto med den här adressen",
        of_a_service.email: "Ditt konto har inget lösenord i portalen",
    }

    with sending():
        answers = [Client().post(FORGOTTEN, {"email": email}, follow=True) for email in people]

    assert len({main_of(answer).text for answer in answers}) == 1
    assert {letter.to[0]: letter.subject for letter in mail.outbox} == people
    assert "\nhttp://testserver/konto/logga-in/\n" in mail.outbox[-1].body


def test_one_whose_service_is_retired_chooses_a_password_by_mail_and_is_like_anyone(
    client, sending, settings, of_a_service
):
    settings.OIDC_PROVIDERS = ()

    with sending():
        client.post(FORGOTTEN, {"email": of_a_service.email})
    page = client.get(link_in_the_mail(), follow=True)
    client.post(page.request["PATH_INFO"], {"password1": ANOTHER, "password2": ANOTHER})

    assert is_signed_in(log_in(of_a_service, ANOTHER))


def test_one_whose_service_is_retired_is_offered_a_password_on_the_account_page(
    client, settings, of_a_service
):
    settings.OIDC_PROVIDERS = ()
    client.force_login(of_a_service)

    assert ways(main_of(client.get("/konto/")))["Lösenord"] == "Inget"


def test_an_address_that_someone_once_typed_gets_no_link_into_their_account(client, sending):
    user = make_user()
    EmailAddress.objects.create(user=user, email="nagon.annan@example.se", verified=True)

    with sending():
        client.post(FORGOTTEN, {"email": "nagon.annan@example.se"})
    answer = client.post(LOG_IN, {"login": "nagon.annan@example.se", "password": PASSWORD})

    assert [letter.subject for letter in mail.outbox] == ["Det finns inget konto med den här adressen"]
    assert answer.status_code == 422


def test_a_password_that_is_too_short_is_refused_with_the_reason(client):
    user = make_user()
    token = PasswordResetTokenGenerator().make_token(user)
    page = client.get(f"{FORGOTTEN}{int_to_base36(user.pk)}-{token}/", follow=True)

    answer = client.post(page.request["PATH_INFO"], {"password1": "kort", "password2": "kort"})

    assert answer.status_code == 422
    assert "12 tecken" in main_of(answer).one("div", class_="error").text
    assert faults(read(answer)) == []


# The password


def test_the_password_is_changed_by_whoever_knows_it_and_others_are_logged_out(sending):
    user = make_user()
    here, elsewhere = log_in(user), log_in(user, browser=IPHONE)

    with sending():
        answer = here.post(
            PASSWORD_PAGE,
            {"oldpassword": PASSWORD, "password1": ANOTHER, "password2": ANOTHER},
            follow=True,
        )

    assert answer.request["PATH_INFO"] == "/konto/"
    assert "Lösenordet är bytt." in read(answer).one("div", class_="messages").text
    assert not is_signed_in(elsewhere)
    assert is_signed_in(log_in(user, ANOTHER))
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == ([user.email], "Ditt lösenord är bytt")
    assert "Firefox på Windows, från nätadressen 127.0.0.1" in letter.body
    assert "\nhttp://testserver/konto/glomt-losenord/\n" in letter.body


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ({"oldpassword": "fel"}, "Det nuvarande lösenordet stämmer inte."),
        ({"password2": "något annat helt och hållet"}, "samma lösenord"),
        ({"password1": "kort", "password2": "kort"}, "12 tecken"),
        ({"password1": "123456789012", "password2": "123456789012"}, "siffror"),
    ],
)
def test_a_change_of_password_that_is_wrong_changes_nothing(typed, complaint):
    user = make_user()
    client = log_in(user)
    fields = {"oldpassword": PASSWORD, "password1": ANOTHER, "password2": ANOTHER} | typed

    answer = client.post(PASSWORD_PAGE, fields)

    assert answer.status_code == 422
    assert complaint in main_of(answer).text
    assert faults(read(answer)) == []
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize("address", [PASSWORD_PAGE, f"{PASSWORD_PAGE}valj/", ADDRESS])
@pytest.mark.parametrize("method", ["get", "post"])
def test_whoever_came_by_a_service_has_neither_password_nor_address_to_change_here(
    client, address, method, of_a_service
):
    user = of_a_service
    client.force_login(user)

    answer = getattr(client, method)(
        address, {"email": "ny@example.se", "password1": ANOTHER, "password2": ANOTHER}
    )

    assert answer.status_code == 403
    assert "din organisations inloggningstjänst" in main_of(answer).text
    user.refresh_from_db()
    assert not user.has_usable_password()


def test_an_account_without_a_password_may_choose_one(client, sending):
    user = make_user(password=None)
    client.force_login(user)

    page = client.get(PASSWORD_PAGE, follow=True)
    assert main_of(page).one("h1").text == "Välj ett lösenord"
    with sending():
        client.post(f"{PASSWORD_PAGE}valj/", {"password1": ANOTHER, "password2": ANOTHER})

    assert is_signed_in(client)
    assert is_signed_in(log_in(user, ANOTHER))
    assert mail.outbox[-1].subject == "Ditt konto har fått ett lösenord"


def test_a_first_password_is_not_kept_while_the_second_step_is_asked_for(client):
    user = make_user(password=None)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    client.force_login(user)

    answer = client.post(f"{PASSWORD_PAGE}valj/", {"password1": ANOTHER, "password2": ANOTHER}, follow=True)

    assert answer.request["PATH_INFO"] == "/konto/bekrafta/kod/"
    assert ANOTHER not in str(dict(client.session))
    user.refresh_from_db()
    assert not user.has_usable_password()


# Confirming that it is the same person


def test_the_password_is_asked_for_again_before_the_address_is_changed():
    client = log_in(make_user())

    page = client.get(ADDRESS, follow=True)
    assert main_of(page).one("h1").text == "Bekräfta att det är du"
    assert faults(read(page)) == []
    wrong = client.post(page.request["PATH_INFO"], {"password": "fel", "next": ADDRESS})
    assert wrong.status_code == 422
    assert "Lösenordet stämmer inte." in main_of(wrong).text
    right = client.post(page.request["PATH_INFO"], {"password": PASSWORD, "next": ADDRESS}, follow=True)

    assert right.request["PATH_INFO"] == ADDRESS


def test_confirming_leads_to_no_other_site():
    client = log_in(make_user())

    answer = client.post("/konto/bekrafta/", {"password": PASSWORD, "next": "https://example.org/"})

    assert answer["Location"] == "/"


def test_whoever_has_nothing_to_confirm_by_is_told_so_in_swedish(client, of_a_service):
    client.force_login(of_a_service)

    answer = client.get("/konto/bekrafta/")

    assert answer.status_code == 403
    assert "inget lösenord" in main_of(answer).text


# The address


def test_a_new_address_counts_when_its_reader_has_followed_the_link(sending):
    user = make_user(email="gammal@example.se", name="Eva Ek")
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    client = log_in(user)
    confirm(client)

    with sending():
        answer = client.post(ADDRESS, {"email": "Ny@Example.se"}, follow=True)
    assert main_of(answer).one("h1").text == "Titta i din e-post"
    assert [letter.to for letter in mail.outbox] == [["ny@example.se"]]
    user.refresh_from_db()
    assert user.email == "gammal@example.se"
    page = client.get(link_in_the_mail())
    assert faults(read(page)) == []
    user.refresh_from_db()
    assert user.email == "gammal@example.se"  # a mail program that follows links changes nothing
    with sending():
        done = client.post(link_in_the_mail(), follow=True)

    user.refresh_from_db()
    assert user.email == "ny@example.se"
    assert "Från och med nu loggar du in med ny@example.se." in read(done).one("div", class_="messages").text
    assert is_signed_in(log_in(user))
    assert mail.outbox[-1].to == ["gammal@example.se"]
    assert "ny@example.se i stället för gammal@example.se" in mail.outbox[-1].body
    assert not EmailAddress.objects.exists()


def ask_for(client: Client, address: str, sending: Sending) -> str:
    confirm(client)
    with sending():
        client.post(ADDRESS, {"email": address})
    return link_in_the_mail()


def test_the_link_can_be_followed_once(sending):
    user = make_user()
    client = log_in(user)
    link = ask_for(client, "ny@example.se", sending)
    client.post(link)

    answer = client.post(link)

    assert main_of(answer).one("h1").text == "Länken gäller inte längre"
    assert faults(read(answer)) == []


def test_whoever_gets_the_link_by_mistake_can_do_nothing_with_it(client, sending):
    user = make_user()
    link = ask_for(log_in(user), "felstavad@example.se", sending)

    visitor = client.post(link)
    other = log_in(make_user()).post(link)

    assert visitor["Location"] == f"{LOG_IN}?next={quote(link)}"
    assert main_of(other).one("h1").text == "Länken gäller inte längre"
    user.refresh_from_db()
    assert user.email != "felstavad@example.se"


class Then(signing.TimestampSigner):
    """Signs as it would have done a day ago and a little more."""

    def timestamp(self) -> str:
        return signing.b62_encode(int(time.time() - LASTS.total_seconds() - 60))


def test_the_link_can_be_followed_for_a_day():
    user = make_user()
    client = log_in(user)
    late = Then(salt=SALT).sign_object([user.pk, user.email, "ny@example.se"])
    in_time = Change(user.pk, user.email, "ny@example.se").key

    headings = [
        main_of(client.get(f"{ADDRESS}{key}/")).one("h1").text for key in (late, in_time, in_time[:-1])
    ]

    assert headings == ["Länken gäller inte längre", "Bekräfta din nya adress", "Länken gäller inte längre"]


def test_an_address_that_has_an_account_is_told_by_mail_and_nobody_else_is(sending):
    taken = make_user()
    client = log_in(make_user())
    confirm(client)

    with sending():
        free_answer = client.post(ADDRESS, {"email": "ledig@example.se"}, follow=True)
        taken_answer = client.post(ADDRESS, {"email": taken.email}, follow=True)

    assert main_of(free_answer).text == main_of(taken_answer).text
    assert mail.outbox[-1].to == [taken.email]
    assert mail.outbox[-1].subject == "Adressen har redan ett konto"


def test_an_address_that_someone_else_came_to_have_first_is_not_taken_over(sending):
    user = make_user()
    client = log_in(user)
    link = ask_for(client, "ny@example.se", sending)
    make_user(email="ny@example.se")

    answer = client.post(link)

    assert main_of(answer).one("h1").text == "Länken gäller inte längre"
    user.refresh_from_db()
    assert user.email != "ny@example.se"


@pytest.mark.parametrize("typed", ["", "inte en adress", "själv"])
def test_an_address_that_is_wrong_is_refused(typed):
    user = make_user()
    client = log_in(user)
    confirm(client)

    answer = client.post(ADDRESS, {"email": user.email if typed == "själv" else typed})

    assert answer.status_code == 422
    assert main_of(answer).all("div", class_="error")
    assert faults(read(answer)) == []
    assert not mail.outbox


# Mitt konto


def ways(page: Element) -> dict[str, str]:
    """What the page says that one logs in by: name and what it is."""
    return {item.one("h3").text: item.all("p")[0].text for item in page.one("ul", class_="tasks").all("li")}


def test_the_account_page_tells_who_one_is_and_how_one_signs_in():
    user = make_user(Role.COORDINATOR, make_organisation("Enköpings kommun"), name="Eva Ek")
    client = log_in(user)

    answer = client.get("/konto/")
    page = main_of(answer)

    assert faults(read(answer)) == []
    assert page.one("p", class_="says").text == "Du är samordnare för Enköpings kommun."
    assert page.one("input", name="name")["value"] == "Eva Ek"
    assert page.one("dl").text == "Enköpings kommun Samordnare"
    assert ways(page) == {
        "E-postadress": user.email,
        "Lösenord": "Finns",
        "Tvåstegsinloggning": "Ingen",
        "Dina inloggningar": "Inloggad i 1 webbläsare",
    }


def test_roles_in_several_organisations_stand_by_their_names_in_order():
    user = make_user(Role.READER, make_organisation("Västerås stad"))
    for role in (Role.READER, Role.EDITOR):
        user.memberships.create(organisation=make_organisation("Botkyrka kommun"), role=role)

    page = main_of(log_in(user).get("/konto/"))

    assert page.one("p", class_="says").text == "Du har roller i tre organisationer."
    assert [term.text for term in page.one("dl").all("dt")] == [
        "Botkyrka kommun",
        "Botkyrka kommun",
        "Västerås stad",
    ]


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (make_administrator, "Du är administratör och sköter portalen."),
        (make_user, "Ditt konto har inga roller än."),
    ],
)
def test_the_account_page_opens_with_what_one_is(make, sentence):
    answer = log_in(make()).get("/konto/")
    page = main_of(answer)

    assert page.one("p", class_="says").text == sentence
    assert ("Hela portalen" in page.text) == (make is make_administrator)
    assert faults(read(answer)) == []


def test_the_name_at_the_top_of_every_page_leads_to_the_account():
    page = read(log_in(make_user(name="Eva Ek")).get("/om/"))

    assert page.one("div", class_="who").one("a").text == "Eva Ek"
    assert page.one("div", class_="who").one("a")["href"] == "/konto/"


def test_one_changes_ones_own_name_and_the_log_knows_who_did():
    user = make_user(name="Eva Ek")
    client = log_in(user)

    answer = client.post("/konto/", {"name": " Eva Ek Lind "}, follow=True)

    user.refresh_from_db()
    assert user.name == "Eva Ek Lind"
    assert "Namnet är sparat." in read(answer).one("div", class_="messages").text
    assert user.history.latest().history_user == user


@pytest.mark.parametrize("typed", ["", "   ", "x" * 201])
def test_a_name_that_is_none_is_refused(typed):
    user = make_user(name="Eva Ek")

    answer = log_in(user).post("/konto/", {"name": typed})

    assert answer.status_code == 422
    assert faults(read(answer)) == []
    user.refresh_from_db()
    assert user.name == "Eva Ek"


def test_nothing_but_the_name_is_changed_by_the_form():
    user = make_user()

    log_in(user).post("/konto/", {"name": "Ny", "email": "ny@example.se", "is_administrator": "on"})

    user.refresh_from_db()
    assert (user.name, user.is_administrator) == ("Ny", False)
    assert user.email != "ny@example.se"


# Where one is signed in


def browsers_on(page: Element) -> list[str]:
    return [heading.text for heading in page.one("ul", class_="tasks").all("h3")]


def test_the_sessions_are_listed_with_this_one_first():
    user = make_user()
    log_in(user, browser=IPHONE)
    log_in(user, browser="curl/8")
    here = log_in(user)
    log_in(make_user())

    answer = here.get(SESSIONS)
    page = main_of(answer)

    assert faults(read(answer)) == []
    assert browsers_on(page) == ["Firefox på Windows", "Okänd webbläsare", "Safari på iPhone"]
    assert "från 127.0.0.1 Den här" in page.all("li")[0].text
    assert "i två webbläsare till" in page.one("p", class_="says").text


def test_another_session_is_ended_and_only_that_one():
    user = make_user()
    here, phone, other = log_in(user), log_in(user, browser=IPHONE), log_in(user, browser="curl/8")
    number = main_of(here.get(SESSIONS)).all("input", name="session")[1]["value"]

    answer = here.post(SESSIONS, {"session": number}, follow=True)

    assert "Inloggningen är avslutad." in read(answer).one("div", class_="messages").text
    assert not is_signed_in(phone)
    assert is_signed_in(other)
    assert is_signed_in(here)


def test_all_others_are_ended_at_once():
    user, colleague = make_user(), make_user()
    here, phone, other, theirs = log_in(user), log_in(user), log_in(user), log_in(colleague)

    here.post(SESSIONS)

    assert [is_signed_in(client) for client in (here, phone, other, theirs)] == [True, False, False, True]
    assert browsers_on(main_of(here.get(SESSIONS))) == ["Firefox på Windows"]


def test_somebody_elses_session_is_as_one_that_does_not_exist():
    here, theirs = log_in(make_user()), log_in(make_user())
    number = UserSession.objects.get(session_key=theirs.session.session_key).pk

    foreign = here.post(SESSIONS, {"session": number})
    missing = here.post(SESSIONS, {"session": 2**62})

    assert (foreign.status_code, foreign["Location"]) == (missing.status_code, missing["Location"])
    assert is_signed_in(theirs)


@pytest.mark.parametrize("number", ["x", "-1", "9" * 30, "1.5"])
def test_a_number_that_is_none_ends_nothing(number):
    user = make_user()
    here, other = log_in(user), log_in(user)

    answer = here.post(SESSIONS, {"session": number})

    assert answer.status_code == 422
    assert is_signed_in(other)


def test_one_cannot_end_the_session_that_one_asks_from():
    here = log_in(make_user())
    number = UserSession.objects.get().pk

    here.post(SESSIONS, {"session": number})

    assert is_signed_in(here)


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox på Windows"),
        (IPHONE, "Safari på iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/138.0 Safari/537.36", "Chrome på Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/138.0 Safari/537.36 Edg/138.0",
            "Edge på Windows",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15_5) Version/18.5 Safari/605.1.15", "Safari på Mac"),
        (
            "Mozilla/5.0 (Linux; Android 15; SM-S921B) SamsungBrowser/28.0 Chrome/130 Safari/537",
            "Samsung Internet på Android",
        ),
        ("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) Chrome/138.0 Safari/537.36", "Chrome på ChromeOS"),
        ("Python-urllib/3.13 (Linux)", "Linux"),
        ("", "Okänd webbläsare"),
    ],
)
def test_a_browser_is_told_in_words(user_agent, words):
    assert browsers.in_words(user_agent) == words


# Who may see the pages


OWN = [
    "/konto/",
    PASSWORD_PAGE,
    f"{PASSWORD_PAGE}valj/",
    ADDRESS,
    f"{ADDRESS}skickat/",
    SESSIONS,
    "/konto/bekrafta/",
]
OPEN = [
    LOG_IN,
    "/konto/registrera/",
    "/konto/stangt/",
    FORGOTTEN,
    f"{FORGOTTEN}skickat/",
    f"{FORGOTTEN}klart/",
]


@pytest.mark.parametrize("address", OWN)
def test_a_visitor_is_asked_to_log_in_first(client, address):
    assert client.get(address)["Location"] == f"{LOG_IN}?next={quote(address)}"


@pytest.mark.parametrize("address", OPEN)
def test_a_visitor_can_use_the_pages_that_lead_to_an_account(client, address):
    answer = client.get(address)

    assert answer.status_code == 200
    assert faults(read(answer)) == []


@pytest.mark.parametrize("address", [*OWN, "/konto/logga-ut/"])
def test_the_pages_of_an_account_can_be_used_by_everyone_who_has_one(address):
    client = log_in(make_user())
    confirm(client)

    answer = client.get(address, follow=True)

    assert answer.status_code == 200
    assert faults(read(answer)) == []


def test_no_page_of_ones_account_speaks_english():
    client = log_in(make_user())
    confirm(client)
    pages = [client.get(address, follow=True) for address in [*OWN, "/konto/logga-ut/"]]
    pages += [Client().get(address) for address in OPEN]

    english = re.compile(r"\b(the|your|you|password|email|sign|please|account|session)\b", re.IGNORECASE)

    assert [found for page in pages if (found := english.findall(read(page).text))] == []
