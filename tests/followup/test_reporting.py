"""Saying how it goes with an activity: what is asked for, what is kept, and what two at once come to."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from actionplan.models import Activity
from followup.models import FollowUp, Stage, Status, StatusReport
from followup.queries import standpoint, thread_of
from followup.reporting import write_report
from followup.reports.story import YearOfStory, years_of_story
from municipalities.models import Role, User
from tests.builders import (
    make_activity,
    make_administrator,
    make_assignment,
    make_challenge,
    make_coordinator,
    make_followup,
    make_municipality,
    make_organisation,
    make_plan,
    make_report,
    make_revision,
    make_user,
)
from tests.pages import Element, main_of, read

pytestmark = pytest.mark.django_db

SAID = {"status": "ongoing", "comment": "Två möten är hållna.", "seen": 0}
EVERYTHING = {
    "status": "delayed",
    "comment": "Det vi gjort.",
    "result": "Det det gav.",
    "reason": "Det som hindrade.",
    "action": "Det vi gör åt det.",
    "link": "https://www.enkoping.se/moten",
    "seen": 0,
}


@pytest.fixture
def enkoping():
    return make_municipality("Enköping")


@pytest.fixture
def followup(enkoping) -> FollowUp:
    return make_followup(make_revision(make_plan(slug="gemensam", partners=[enkoping]), year=2016))


@pytest.fixture
def activity(followup, enkoping) -> Activity:
    return make_activity(make_challenge(followup.revision), key="mote", title="Möte", responsible=[enkoping])


@pytest.fixture
def eva(enkoping):
    return make_coordinator(enkoping, name="Eva Ek")


@pytest.fixture
def client(activity, eva) -> Client:
    """Eva's browser."""
    client = Client()
    client.force_login(eva)
    return client


ADDRESS = "/planer/gemensam/uppfoljning/2016/rapportera/mote/"


def error_at(main: Element, field: str) -> str:
    """What stands at a field that is wrong; nothing when nothing does."""
    return " ".join(each.text for each in main.all("div", id=f"id_{field}_error"))


def typed(main: Element) -> dict[str, str]:
    """What the form holds."""
    form = next(form for form in main.all("form") if form.all("textarea"))
    texts = {area["name"]: area.text for area in form.all("textarea")}
    inputs = {each["name"]: each["value"] for each in form.all("input") if each["type"] in ("hidden", "url")}
    chosen = [each["value"] for each in form.all("input", type="radio") if "checked" in each.attributes]
    inputs.pop("csrfmiddlewaretoken", None)
    return {**inputs, **texts, "status": "".join(chosen)}


def sent_by(main: Element) -> dict[str, str]:
    """What the page's form would send as it stands."""
    [form] = main.all("form")
    found = {each["name"]: each.text for each in form.all("textarea")}
    for each in form.all("input"):
        if each["type"] not in ("radio", "checkbox") or "checked" in each.attributes:
            found[each["name"]] = each["value"]
    found.pop("csrfmiddlewaretoken", None)
    return found


def choices(**chosen: str) -> dict[str, str]:
    return {f"choose_{name}": choice for name, choice in chosen.items()}


class TestSaving:
    def test_the_first_report_is_number_one_with_who_when_and_for_whom(self, client, activity, eva, enkoping):
        answer = client.post(ADDRESS, SAID)

        report = StatusReport.objects.get()
        assert answer["Location"] == reverse("activity", args=["gemensam", "mote"])
        assert (report.number, report.status, report.comment) == (1, "ongoing", "Två möten är hållna.")
        assert (report.author, report.organisation_id, report.activity) == (eva, enkoping.pk, activity)
        assert report.written_at is not None

    def test_it_is_confirmed_on_the_activitys_page_once(self, client):
        page = main_confirmation(client.post(ADDRESS, SAID, follow=True))

        assert page == "Läget är sparat: Möte – Pågår."
        assert not read(client.get("/planer/gemensam/aktiviteter/mote/")).all("div", class_="messages")

    def test_everything_that_is_written_is_kept(self, client):
        client.post(ADDRESS, EVERYTHING)

        report = StatusReport.objects.get()
        assert {name: getattr(report, name) for name in EVERYTHING if name != "seen"} == {
            name: value for name, value in EVERYTHING.items() if name != "seen"
        }

    def test_each_saving_is_a_new_row_and_the_old_ones_stay(self, client):
        for seen, comment in enumerate(["Ett.", "Två.", "Tre."]):
            assert client.post(ADDRESS, {**SAID, "comment": comment, "seen": seen}).status_code == 302

        rows = StatusReport.objects.order_by("number")
        assert [(row.number, row.comment) for row in rows] == [(1, "Ett."), (2, "Två."), (3, "Tre.")]

    def test_the_form_begins_with_what_was_last_said_and_carries_its_number(self, client):
        client.post(ADDRESS, EVERYTHING)

        main = main_of(client.get(ADDRESS))

        assert typed(main) == {name: str(value) for name, value in EVERYTHING.items()} | {"seen": "1"}
        assert "Senast rapporterat för Enköping" in main.text

    def test_a_first_form_is_empty_and_suggests_no_status(self, client):
        form = typed(main_of(client.get(ADDRESS)))

        assert {name: value for name, value in form.items() if value} == {"seen": "0"}

    def test_every_status_has_its_choice_and_none_is_the_absence_of_one(self, client):
        choices = [each["value"] for each in main_of(client.get(ADDRESS)).all("input", type="radio")]

        assert choices == Status.values

    def test_an_address_without_scheme_is_read_as_https(self, client):
        client.post(ADDRESS, {**SAID, "link": "enkoping.se/moten"})

        assert StatusReport.objects.get().link == "https://enkoping.se/moten"


def main_confirmation(answer) -> str:
    return read(answer).one("div", class_="messages").text


class TestWhatIsAskedFor:
    @pytest.mark.parametrize(
        ("status", "field", "sentence"),
        [
            ("completed", "result", "Skriv vad det gav. Det behövs när läget är Genomförd."),
            ("delayed", "reason", "Skriv varför. Det behövs när läget är Försenad eller Avbruten."),
            ("cancelled", "reason", "Skriv varför. Det behövs när läget är Försenad eller Avbruten."),
            ("", "status", "Välj hur det går."),
        ],
    )
    def test_what_is_missing_is_said_at_its_field_once_and_nothing_that_was_typed_is_lost(
        self, client, status, field, sentence
    ):
        written = {**EVERYTHING, "status": status, "result": "", "reason": ""}

        answer = client.post(ADDRESS, written)

        main = main_of(answer)
        assert answer.status_code == 422
        assert error_at(main, field) == sentence
        assert main.one("div", class_="notice-bad").text.count(sentence) == 1
        assert typed(main) == {name: str(value) for name, value in written.items()}
        assert not StatusReport.objects.exists()

    @pytest.mark.parametrize("blank", ["   ", "\n\n", "\t"])
    def test_blanks_are_no_result(self, client, blank):
        assert client.post(ADDRESS, {**SAID, "status": "completed", "result": blank}).status_code == 422

    @pytest.mark.parametrize("status", ["not_started", "ongoing"])
    def test_other_statuses_need_nothing_more(self, client, status):
        assert client.post(ADDRESS, {"status": status, "seen": 0}).status_code == 302

    @pytest.mark.parametrize("status", ["none", "finished", "Genomförd", "ongoing\0"])
    def test_a_status_that_is_not_one_is_refused(self, client, status):
        answer = client.post(ADDRESS, {**SAID, "status": status})

        assert answer.status_code == 422
        assert error_at(main_of(answer), "status")

    @pytest.mark.parametrize(
        "link",
        [
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "data:text/html,<script>alert(1)</script>",
            "vbscript:x",
            "inte en adress",
            "https://",
            "https://example.se/" + "x" * 500,
        ],
    )
    def test_a_link_that_is_no_address_to_read_at_is_refused(self, client, link):
        answer = client.post(ADDRESS, {**SAID, "link": link})

        assert answer.status_code == 422
        assert error_at(main_of(answer), "link")
        assert not StatusReport.objects.exists()

    @pytest.mark.parametrize("field", ["comment", "result", "reason", "action"])
    def test_a_text_without_end_is_refused_with_a_sentence_and_kept_in_the_form(self, client, field):
        text = "x" * 100_000

        answer = client.post(ADDRESS, {**EVERYTHING, "status": "completed", field: text})

        main = main_of(answer)
        assert answer.status_code == 422
        assert error_at(main, field) == "Texten är 100000 tecken lång. Högst 4000 får plats."
        assert typed(main)[field] == text
        assert not main.all("textarea", maxlength="4000")

    def test_a_text_of_4000_characters_is_kept_whole(self, client):
        client.post(ADDRESS, {**SAID, "comment": "å" * 4000})

        assert StatusReport.objects.get().comment == "å" * 4000

    @pytest.mark.parametrize("field", ["comment", "result", "reason", "action", "link"])
    def test_a_nul_is_refused_with_a_sentence(self, client, field):
        answer = client.post(ADDRESS, {**EVERYTHING, field: "https://a\0b"})

        assert answer.status_code == 422
        assert "tillåtna" in error_at(main_of(answer), field) or field == "link"
        assert not StatusReport.objects.exists()


class TestTwoAtOnce:
    """Someone else saved while the form was open."""

    @pytest.fixture
    def meanwhile(self, followup, activity, enkoping) -> StatusReport:
        other = make_coordinator(enkoping, name="Olle Ask")
        return make_report(
            followup,
            activity,
            author=other,
            organisation=enkoping,
            status="completed",
            comment="Det Olle skrev.",
            result="Det Olle fick.",
        )

    def test_the_page_shows_both_versions_and_who_came_first(self, client, meanwhile):
        answer = client.post(ADDRESS, EVERYTHING)

        main = main_of(answer)
        [result] = [each for each in main.all("fieldset") if "Vad gav det?" in each.text]
        theirs, mine, both = result.all("label")
        assert answer.status_code == 409
        assert "Olle Ask (Enköping) sparade ett läge" in main.text
        assert "Där ni började: tomt" in result.text
        assert "Det som är sparat Det Olle fick." in theirs.text
        assert "Det jag skrev Det det gav." in mine.text
        assert "Båda texterna" in both.text

    def test_only_what_both_have_changed_is_asked_for_and_the_rest_is_shown(self, client, meanwhile):
        main = main_of(client.post(ADDRESS, EVERYTHING))

        asked = [each.one("legend").text for each in main.all("fieldset")]
        taken = main.one("dl", class_="stacked")
        assert asked == ["Hur går det?", "Vad har gjorts?", "Vad gav det?"]
        assert [each.text for each in taken.all("dt")] == [
            "Varför är den försenad eller avbruten? (din ändring)",
            "Vad gör ni åt det? (din ändring)",
            "Länk till mer att läsa (din ändring)",
        ]
        assert [each.text for each in taken.all("dd")] == [
            "Det som hindrade.",
            "Det vi gör åt det.",
            "https://www.enkoping.se/moten",
        ]

    def test_nothing_is_saved_and_the_form_keeps_what_was_typed(self, client, meanwhile):
        form = sent_by(main_of(client.post(ADDRESS, EVERYTHING)))

        assert StatusReport.objects.get() == meanwhile
        assert form == {
            **{name: str(value) for name, value in EVERYTHING.items()},
            "merging": "True",
            "after": "1",
        }

    def test_what_is_chosen_is_saved_as_the_next_row_and_the_others_stays(self, client, meanwhile):
        form = sent_by(main_of(client.post(ADDRESS, EVERYTHING)))

        answer = client.post(ADDRESS, {**form, **choices(status="mine", comment="both", result="theirs")})

        assert answer.status_code == 302
        first, second = StatusReport.objects.order_by("number")
        assert first == meanwhile
        assert (second.number, second.status, second.result) == (2, "delayed", "Det Olle fick.")
        assert second.comment == "Det Olle skrev.\n\nDet vi gjort."
        assert (second.reason, second.link) == (EVERYTHING["reason"], EVERYTHING["link"])

    @pytest.mark.parametrize("missing", ["status", "comment", "result"])
    def test_a_field_that_nothing_is_chosen_for_is_asked_for_again(self, client, meanwhile, missing):
        form = sent_by(main_of(client.post(ADDRESS, EVERYTHING)))
        chosen = {name: "mine" for name in ("status", "comment", "result") if name != missing}

        answer = client.post(ADDRESS, {**form, **choices(**chosen)})

        main = main_of(answer)
        assert answer.status_code == 422
        assert error_at(main, f"choose_{missing}") == "Välj vad som ska gälla."
        assert sent_by(main) == {**form, **choices(**chosen)}
        assert StatusReport.objects.count() == 1

    @pytest.mark.parametrize(("field", "choice"), [("status", "both"), ("comment", "none"), ("result", "")])
    def test_a_choice_that_is_none_is_refused(self, client, meanwhile, field, choice):
        form = sent_by(main_of(client.post(ADDRESS, EVERYTHING)))
        chosen = {**choices(status="mine", comment="mine", result="mine"), f"choose_{field}": choice}

        assert client.post(ADDRESS, {**form, **chosen}).status_code == 422
        assert StatusReport.objects.count() == 1

    def test_if_a_third_comes_between_the_merge_is_put_beside_that(
        self, client, meanwhile, followup, activity, enkoping
    ):
        form = sent_by(main_of(client.post(ADDRESS, EVERYTHING)))
        make_report(
            followup, activity, organisation=enkoping, status="completed", comment="Det tredje.",
            result="Det Olle fick.",
        )  # fmt: skip

        answer = client.post(ADDRESS, {**form, **choices(status="mine", comment="both", result="theirs")})

        main = main_of(answer)
        again = sent_by(main)
        assert answer.status_code == 409
        assert [each.one("legend").text for each in main.all("fieldset")] == ["Vad har gjorts?"]
        assert (again["seen"], again["after"]) == ("1", "2")
        assert again["comment"].split() == ["Det", "Olle", "skrev.", "Det", "vi", "gjort."]
        assert again["status"] == "delayed"

        client.post(ADDRESS, {**again, **choices(comment="both")})
        last = StatusReport.objects.get(number=3)
        assert (last.status, last.reason) == ("delayed", "Det som hindrade.")
        assert all(words in last.comment for words in ("Det tredje.", "Det Olle skrev.", "Det vi gjort."))

    def test_what_only_one_has_changed_needs_no_choice(self, client, followup, activity, enkoping):
        make_report(followup, activity, organisation=enkoping, status="ongoing", comment="Början.")
        make_report(
            followup, activity, organisation=enkoping, status="delayed", comment="Början.", reason="Val."
        )
        mine = {"status": "ongoing", "comment": "Mitt.", "seen": 1}

        answer = client.post(ADDRESS, mine)
        main = main_of(answer)
        assert not main.all("fieldset")
        assert "de går att slå ihop" in main.text
        client.post(ADDRESS, sent_by(main))

        last = StatusReport.objects.get(number=3)
        assert (last.status, last.comment, last.reason) == ("delayed", "Mitt.", "Val.")

    def test_one_who_changed_nothing_is_shown_what_is_there_and_saves_nothing(
        self, client, followup, activity, enkoping
    ):
        make_report(followup, activity, organisation=enkoping, status="ongoing", comment="Början.")
        make_report(
            followup, activity, organisation=enkoping, status="completed", result="Klart.", comment="Ny."
        )

        answer = client.post(ADDRESS, {"status": "ongoing", "comment": "Början.", "seen": 1})

        main = main_of(answer)
        assert answer.status_code == 409
        assert "Det du skrev finns redan där." in main.text
        assert not main.all("button")
        assert StatusReport.objects.count() == 2

    def test_a_merge_that_lacks_something_goes_on_in_the_form_with_all_of_it(
        self, client, followup, activity, enkoping
    ):
        """Each side was whole, and what is chosen of both isn't."""
        make_report(
            followup, activity, organisation=enkoping, status="ongoing", comment="A.", result="Först."
        )
        make_report(followup, activity, organisation=enkoping, status="ongoing", comment="A.")
        mine = {"status": "completed", "comment": "B.", "result": "Nytt.", "seen": 1}
        form = sent_by(main_of(client.post(ADDRESS, mine)))

        answer = client.post(ADDRESS, {**form, **choices(result="theirs")})

        main = main_of(answer)
        assert answer.status_code == 422
        assert error_at(main, "result") == "Skriv vad det gav. Det behövs när läget är Genomförd."
        on = typed(main)
        assert (on["status"], on["comment"], on["result"], on["seen"]) == ("completed", "B.", "", "2")
        assert client.post(ADDRESS, {**on, "result": "Nytt."}).status_code == 302

    @pytest.mark.parametrize(
        "forged",
        [
            {"after": "7"}, {"after": "0"}, {"after": ""}, {"after": "x"}, {"after": "9" * 400},
            {"seen": ""}, {"seen": "-1"}, {"seen": "²"},
        ],
    )  # fmt: skip
    def test_a_merge_of_rows_that_are_none_writes_nothing_and_loses_nothing(self, client, meanwhile, forged):
        form = sent_by(main_of(client.post(ADDRESS, EVERYTHING)))
        chosen = choices(status="mine", comment="mine", result="mine")

        answer = client.post(ADDRESS, {**form, **chosen, **forged})

        assert answer.status_code in (409, 422)
        assert "Det vi gjort." in answer.content.decode()
        assert StatusReport.objects.count() == 1

    def test_a_double_click_saves_once_and_says_that_it_is_saved(self, client):
        first, second = client.post(ADDRESS, SAID), client.post(ADDRESS, SAID, follow=True)

        assert first.status_code == 302
        assert second.redirect_chain
        assert StatusReport.objects.count() == 1

    def test_a_form_that_was_sent_unchanged_leaves_no_row(self, client):
        for seen in range(2):
            assert client.post(ADDRESS, {**SAID, "seen": str(seen)}).status_code == 302

        assert StatusReport.objects.count() == 1

    def test_the_same_words_from_someone_else_are_a_conflict(self, client, enkoping):
        other = Client()
        other.force_login(make_coordinator(enkoping))

        client.post(ADDRESS, SAID)

        assert other.post(ADDRESS, SAID).status_code == 409

    def test_text_of_the_other_is_shown_and_never_run(self, client, followup, activity):
        make_report(followup, activity, comment="<script>alert(1)</script>")

        main = main_of(client.post(ADDRESS, {**SAID, "comment": "<img src=x onerror=alert(2)>"}))

        assert not main.all("script")
        assert not main.all("img")


class TestForgedNumbers:
    @pytest.mark.parametrize(
        "seen", ["1", "7", "999999", "1000001", "9" * 400, "-1", "text", "", "1.5", "0\0"]
    )
    def test_a_number_that_nobody_can_have_seen_writes_nothing(self, client, seen):
        answer = client.post(ADDRESS, {**SAID, "seen": seen})

        assert answer.status_code == 422
        assert not StatusReport.objects.exists()
        assert "Två möten är hållna." in main_of(answer).text

    def test_a_form_without_the_number_writes_nothing(self, client):
        assert client.post(ADDRESS, {"status": "ongoing"}).status_code == 422
        assert not StatusReport.objects.exists()

    def test_the_page_that_comes_back_can_be_saved(self, client):
        form = typed(main_of(client.post(ADDRESS, {**SAID, "seen": 7})))

        assert client.post(ADDRESS, form).status_code == 302
        assert StatusReport.objects.get().number == 1

    def test_nobody_chooses_author_organisation_time_or_number(self, client, eva, enkoping, activity):
        other = make_organisation()
        forged = {
            "author": make_user().pk,
            "organisation": other.pk,
            "number": 9,
            "activity": 1,
            "followup": 1,
        }

        client.post(ADDRESS, SAID | forged | {"written_at": "1999-01-01"})

        report = StatusReport.objects.get()
        assert (report.author, report.organisation_id, report.number) == (eva, enkoping.pk, 1)
        assert report.activity == activity
        assert report.written_at.year > 2000


class TestOnBehalfOfWhom:
    def reported_for(self, user, followup, activity) -> str:
        client = Client()
        client.force_login(user)
        address = reverse("report-activity", args=[followup.plan.slug, followup.year, activity.key])
        assert client.post(address, SAID).status_code == 302
        return StatusReport.objects.get(activity=activity).organisation.short_name

    def test_the_responsible_organisation_reports_for_itself(self, followup, activity, eva):
        assert self.reported_for(eva, followup, activity) == "Enköping"

    def test_a_municipality_reports_for_the_one_it_represents(self, followup):
        eskilstuna = make_municipality("Eskilstuna")
        dusys = make_organisation("DUsys", represented_by=[eskilstuna])
        activity = make_activity(make_challenge(followup.revision), responsible=[dusys])

        assert self.reported_for(make_coordinator(eskilstuna), followup, activity) == "DUsys"

    def test_one_that_is_responsible_itself_reports_for_itself_rather_than_for_another(self, followup):
        vasteras = make_municipality("Västerås")
        dusys = make_organisation("DUsys", represented_by=[vasteras])
        activity = make_activity(make_challenge(followup.revision), responsible=[dusys, vasteras])

        assert self.reported_for(make_coordinator(vasteras), followup, activity) == "Västerås"

    def test_the_assigned_one_reports_for_itself(self, followup):
        strangnas = make_municipality("Strängnäs")
        activity = make_activity(make_challenge(followup.revision))
        make_assignment(followup, activity, strangnas)

        assert self.reported_for(make_coordinator(strangnas), followup, activity) == "Strängnäs"

    def test_the_editor_and_the_administrator_report_for_the_plans_owner(self, followup, activity):
        owner = followup.plan.owner
        other = make_activity(activity.challenge)

        assert self.reported_for(make_user(Role.EDITOR, owner), followup, activity) == owner.short_name
        assert self.reported_for(make_user(is_administrator=True), followup, other) == owner.short_name


@pytest.mark.parametrize("stage", [Stage.PLANNED, Stage.CLOSED, Stage.PUBLISHED])
def test_a_round_that_is_not_open_takes_no_reports(client, followup, stage):
    FollowUp.objects.update(stage=stage)

    answer = client.post(ADDRESS, SAID)

    assert answer.status_code == 403
    assert "Uppföljningen är inte öppen för rapportering." in main_of(answer).text
    assert not StatusReport.objects.exists()


def test_an_activity_that_does_not_run_in_the_year_takes_no_reports(client, activity):
    Activity.objects.filter(pk=activity.pk).update(first_year=2017)

    assert client.post(ADDRESS, SAID).status_code == 404
    assert not StatusReport.objects.exists()


def test_a_form_sent_from_another_site_is_refused(eva, activity):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(eva)

    answer = strict.post(ADDRESS, SAID)

    assert answer.status_code == 403
    assert "Formuläret kunde inte tas emot" in main_of(answer).text
    assert not StatusReport.objects.exists()


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(client, method):
    assert getattr(client, method)(ADDRESS).status_code == 405


def test_one_who_is_late_and_has_something_to_mend_is_told_both_and_then_chooses(client, followup, activity):
    make_report(followup, activity, comment="Det någon annan skrev.")

    answer = client.post(ADDRESS, {**EVERYTHING, "reason": ""})

    main = main_of(answer)
    assert answer.status_code == 422
    assert "Någon annan har sparat ett läge under tiden." in main.one("div", class_="notice-late").text
    assert "Skriv varför." in main.one("div", class_="notice-bad").text
    assert typed(main) == {**EVERYTHING, "reason": "", "seen": "0"}
    assert client.post(ADDRESS, {**typed(main), "reason": "Valet."}).status_code == 409


class TestLastYear:
    """What was said the year before stands beside, and may be begun from."""

    @pytest.fixture
    def last_year(self, followup, activity, enkoping) -> StatusReport:
        revision = make_revision(followup.plan, year=2015)
        before = make_followup(revision, stage=Stage.CLOSED)
        old = make_activity(make_challenge(revision), key="mote", responsible=[enkoping])
        return make_report(
            before, old, organisation=enkoping, status="delayed", comment="Förra årets ord.",
            result="Lite.", reason="Valet.", action="Nya tag.", link="https://www.enkoping.se/forra",
        )  # fmt: skip

    def test_it_stands_beside(self, client, last_year):
        beside = main_of(client.get(ADDRESS)).one("aside")

        assert "Så var läget 2015" in beside.text
        for words in ("Försenad", "Förra årets ord.", "Lite.", "Valet.", "Nya tag."):
            assert words in beside.text

    def test_the_latest_of_that_year_is_meant_and_no_other_year(self, client, last_year, followup):
        make_report(last_year.followup, last_year.activity, status="ongoing", comment="Rättat.")
        earlier = make_followup(make_revision(followup.plan, year=2014), stage=Stage.CLOSED)
        make_report(earlier, make_activity(make_challenge(earlier.revision), key="mote"), comment="Äldre.")

        beside = main_of(client.get(ADDRESS)).one("aside")

        assert "Rättat." in beside.text
        assert "Förra årets ord." not in beside.text

    def test_where_nobody_said_anything_it_says_so_and_offers_nothing(self, client, followup):
        before = make_followup(make_revision(followup.plan, year=2015), stage=Stage.CLOSED)
        make_activity(make_challenge(before.revision), key="mote")

        beside = main_of(client.get(ADDRESS)).one("aside")

        assert "Ej rapporterad" in beside.text
        assert not beside.all("a")

    def test_an_activity_that_did_not_run_then_was_not_asked_for(self, client, followup):
        before = make_followup(make_revision(followup.plan, year=2015), stage=Stage.CLOSED)
        make_activity(make_challenge(before.revision), key="mote", first_year=2016)

        assert not main_of(client.get(ADDRESS)).all("aside")

    def test_nor_was_one_that_the_plan_did_not_have(self, client, followup):
        make_followup(make_revision(followup.plan, year=2015), stage=Stage.CLOSED)

        assert not main_of(client.get(ADDRESS)).all("aside")

    def test_without_a_follow_up_last_year_there_is_nothing_beside(self, client):
        assert not main_of(client.get(ADDRESS)).all("aside")

    def test_the_same_as_last_is_one_click_that_leaves_the_comment_to_be_written(self, client, last_year):
        link = main_of(client.get(ADDRESS)).one("aside").one("a")
        assert link.text == "Samma som sist"

        form = typed(main_of(client.get(ADDRESS + link["href"].removeprefix(ADDRESS))))

        assert form == {
            "status": "delayed",
            "comment": "",
            "result": "Lite.",
            "reason": "Valet.",
            "action": "Nya tag.",
            "link": "https://www.enkoping.se/forra",
            "seen": "0",
            "same_as_last": "True",
        }
        assert not StatusReport.objects.filter(followup__year=2016).exists()

    @pytest.mark.parametrize("comment", ["", "  \n"])
    def test_this_years_comment_is_asked_for_also_by_the_server(self, client, last_year, comment):
        form = typed(main_of(client.get(f"{ADDRESS}?samma-som-sist=1")))

        answer = client.post(ADDRESS, {**form, "comment": comment})

        main = main_of(answer)
        assert answer.status_code == 422
        assert error_at(main, "comment") == "Skriv vad som har gjorts i år. Förra årets text följer inte med."
        assert typed(main)["same_as_last"] == "True"
        assert client.post(ADDRESS, {**typed(main), "comment": "Lika i år."}).status_code == 302
        assert StatusReport.objects.get(followup__year=2016).reason == "Valet."

    def test_without_a_last_year_there_is_nothing_to_be_the_same_as(self, client):
        form = typed(main_of(client.get(f"{ADDRESS}?samma-som-sist=1")))

        assert {name: value for name, value in form.items() if value} == {"seen": "0"}

    def test_one_who_may_not_read_last_year_is_not_shown_it(self, followup, activity, last_year):
        """Assigned in this year only, by someone who takes no part in the plan."""
        stranger = make_organisation()
        make_assignment(followup, activity, stranger)
        client = Client()
        client.force_login(make_coordinator(stranger))

        page = main_of(client.get(ADDRESS))

        assert "Förra årets ord." not in page.text
        assert "Förra årets ord." not in main_of(client.get(f"{ADDRESS}?samma-som-sist=1")).text


def test_what_was_saved_before_can_be_gone_back_to(client):
    first = client.post(ADDRESS, EVERYTHING, follow=True)
    second = client.post(ADDRESS, {"status": "ongoing", "comment": "Fel.", "seen": 1}, follow=True)

    form = typed(main_of(client.get(f"{ADDRESS}?som-forut=1")))

    way_back = f'<a href="{ADDRESS}?som-forut=1">Ändra till som det var</a>'
    assert way_back not in first.content.decode()
    assert way_back in second.content.decode()

    assert form == {name: str(value) for name, value in EVERYTHING.items()} | {"seen": "2"}


def test_a_report_that_is_under_way_while_the_year_is_closed_is_refused(followup, activity, eva):
    followup.stage = Stage.CLOSED
    followup.save()
    stale = FollowUp(pk=followup.pk, plan=followup.plan, revision=followup.revision, stage=Stage.OPEN)

    with pytest.raises(PermissionDenied, match="inte öppen"):
        write_report(stale, activity, {"status": Status.ONGOING}, seen=0, by=eva)

    assert not StatusReport.objects.exists()


def story_for(reader: User, followup: FollowUp) -> tuple[YearOfStory, ...]:
    """What the reader sees of what has been said of the activity, year by year."""
    standing = standpoint(followup.plan, reader)
    return years_of_story(standing, thread_of(standing, "mote", reader))


def test_a_reason_from_before_is_not_shown_of_what_is_done(client, followup, activity):
    make_report(followup, activity, status=Status.DELAYED, reason="Det blev valår.")
    client.post(ADDRESS, {**EVERYTHING, "status": "completed", "seen": 1})

    [year] = story_for(make_administrator(), followup)

    assert [(report.reason, report.action) for report in year.reports] == [("", ""), ("Det blev valår.", "")]


def test_a_year_that_has_a_report_stays_in_the_story_whatever_is_decided_later(followup, activity, eva):
    make_report(followup, activity)
    later = make_revision(followup.plan, year=2017)
    make_activity(make_challenge(later), key="mote", first_year=2017, last_year=2018)
    for revision, stage in ((followup.revision, Stage.PUBLISHED), (later, Stage.PUBLISHED)):
        FollowUp.objects.update_or_create(
            plan=followup.plan, year=revision.year, defaults={"revision": revision, "stage": stage}
        )

    years = story_for(eva, followup)

    assert [(year.year, len(year.reports)) for year in years] == [(2017, 0), (2016, 1)]


def test_one_whose_session_ended_gets_back_what_they_wrote(activity):
    answer = Client().post(ADDRESS, EVERYTHING)

    main = main_of(answer)
    assert answer.status_code == 403
    assert main.one("h1").text == "Du är inte inloggad längre"
    assert [each.text for each in main.all("blockquote")] == [
        EVERYTHING[name] for name in ("comment", "result", "reason", "action", "link")
    ]
    assert not StatusReport.objects.exists()
