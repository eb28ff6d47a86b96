"""What the look promises: colours to read, pages that the security policy lets through, letters to write."""

import gzip
import re
from itertools import product
from pathlib import Path

import django_htmx
import pytest
from django import forms
from django.conf import settings
from django.template.loader import render_to_string
from fontTools.ttLib import TTFont

from followup.judging import Verdict
from followup.models import NO_REPORT, Status
from portal.fonts import FILE_NAME, LICENCE_NAME, make_font
from publishing.curves import COLOURS

CSS = settings.BASE_DIR / "portal" / "static" / "portal" / "css"
TEMPLATES = settings.BASE_DIR / "templates"
COMPONENTS = TEMPLATES / "components"

SURFACES = ["paper", "stone", "field", "accent-wash", "late-wash", "gap-wash"]
TEXTS = ["ink", "ink-2", "accent", "done", "ongoing", "late", "idle", "bad", "gap"]
LINES = ["rule-2", "m1", "m2", "m3", "m4"]

INCLUDE = re.compile(r"{% include (.*?)%}")

Colours = dict[str, str]


def colours(scheme: str) -> Colours:
    light, dark = (CSS / "tokens.css").read_text().split("@media screen and (prefers-color-scheme: dark)")
    found = dict(re.findall(r"--([\w-]+): (#\w+);", light))
    return found if scheme == "light" else found | dict(re.findall(r"--([\w-]+): (#\w+);", dark))


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it, of #rgb or #rrggbb."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    channels = (int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


def too_alike(tokens: Colours, ones: list[str], others: list[str], least: float) -> list[tuple[str, str]]:
    return [pair for pair in product(ones, others) if contrast(*(tokens[each] for each in pair)) < least]


def templates() -> list[Path]:
    return sorted(TEMPLATES.rglob("*.html"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
class TestContrast:
    def test_text_can_be_read_on_every_surface(self, scheme):
        assert too_alike(colours(scheme), TEXTS, SURFACES, 4.5) == []

    def test_borders_of_fields_and_lines_of_charts_can_be_seen(self, scheme):
        assert too_alike(colours(scheme), LINES, SURFACES, 3) == []

    @pytest.mark.parametrize(
        ("text", "ground"),
        [
            ("on-accent", "accent"),
            ("paper", "ink"),
            ("paper", "done"),
            ("paper", "late"),
            ("paper", "idle"),
            ("ink", "ongoing-wash"),
        ],
    )
    def test_words_on_buttons_and_numbers_in_bars_can_be_read(self, scheme, text, ground):
        tokens = colours(scheme)

        assert contrast(tokens[text], tokens[ground]) >= 4.5


def test_dark_replaces_every_colour_that_light_has():
    dark_alone = (CSS / "tokens.css").read_text().split("prefers-color-scheme: dark")[1]

    assert set(re.findall(r"--([\w-]+): #", dark_alone)) == set(colours("light"))


def test_colours_are_tokens_everywhere_else():
    for file in CSS.glob("*.css"):
        if file.name not in ("tokens.css", "print.css"):
            assert not re.search(r"#[0-9a-f]{3,8}\b", file.read_text()), file.name


def test_nothing_moves_for_those_who_want_it_still():
    for file in CSS.glob("*.css"):
        still = re.sub(
            r"@media \(prefers-reduced-motion: no-preference\) {.*?\n}", "", file.read_text(), flags=re.S
        )
        assert not re.search(r"transition|animation|scroll-behavior", still), file.name


def test_css_is_small_and_what_people_work_with_is_left_out_for_visitors():
    sizes = {file.name: file.stat().st_size for file in CSS.glob("*.css")}

    assert sum(sizes.values()) - sizes["work.css"] <= 22_000
    assert sizes["work.css"] <= 5_500


def test_no_page_loads_much_script():
    """As it is sent: all that the portal has together, of which a page takes a part."""
    own = (settings.BASE_DIR / "portal" / "static" / "portal" / "js").glob("*.js")
    htmx = Path(django_htmx.__file__).parent / "static" / "django_htmx" / "htmx-2.min.js"

    assert sum(len(gzip.compress(file.read_bytes())) for file in [*own, htmx]) <= 30_000


def test_no_page_loads_anything_from_elsewhere():
    loading = re.compile(r"""<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)=["'](?:https?:)?//""")

    assert [path for path in templates() if loading.search(path.read_text())] == []
    assert not any(
        "//" in each for file in CSS.glob("*.css") for each in re.findall(r"url\((.*?)\)", file.read_text())
    )


def test_every_class_that_has_a_style_is_on_a_page():
    sheets = " ".join(file.read_text() for file in CSS.glob("*.css"))
    selectors = re.sub(r"/\*.*?\*/|{[^{}]*}", " ", sheets, flags=re.DOTALL)
    pages = " ".join(file.read_text() for file in templates())
    markdown = (settings.BASE_DIR / "publishing" / "markdown.py").read_text()
    named_by_code = {f"is-{code}" for code in [*Status.values, *Verdict.values]}
    named_by_level = {"notice-warning", "notice-error"}
    named_by_place = {f"c-m{place}" for place, _colour in enumerate(COLOURS, start=1)}

    styled = set(re.findall(r"\.([a-z][\w-]*)", selectors))

    assert (
        styled
        <= set(re.findall(r"[\w-]+", pages + markdown)) | named_by_code | named_by_level | named_by_place
    )


def test_every_page_gets_every_style_sheet():
    base = (TEMPLATES / "base.html").read_text()

    assert set(re.findall(r"portal/css/([\w-]+\.css)", base)) == {file.name for file in CSS.glob("*.css")}


STOPPED = re.compile(r"<style|\sstyle\s*=|<script(?![^>]*\ssrc=)|<[^>]*\son[a-z]+\s*=|javascript:")
"""What the security policy stops."""


def test_nothing_in_a_template_is_stopped_by_the_security_policy():
    assert {file: found[0] for file in templates() if (found := STOPPED.search(file.read_text()))} == {}


def test_components_are_given_what_they_need_and_nothing_more():
    includes = [(file, each) for file in templates() for each in INCLUDE.findall(file.read_text())]

    assert [each for each in includes if "components/" in each[1] and each[1].split()[-1] != "only"] == []


@pytest.mark.parametrize("component", sorted(COMPONENTS.glob("*.html")), ids=lambda path: path.name)
def test_a_component_begins_by_telling_what_it_takes(component):
    assert re.match(r"({% load [^%]*%})?{% comment %}\n", component.read_text())


@pytest.mark.parametrize("code", [*Status.values, NO_REPORT, *Verdict.values])
def test_every_status_and_verdict_has_a_symbol_and_a_colour(code):
    assert f'id="s-{code}"' in (COMPONENTS / "sprite.html").read_text()
    assert f".is-{code}" in (CSS / "components.css").read_text()


def test_a_segment_too_narrow_for_its_number_leaves_it_to_the_key():
    counts = [("completed", "Genomförd", 39), ("cancelled", "Avbruten", 1), ("delayed", "Försenad", 0)]

    bar = render_to_string("components/bar.html", {"counts": counts, "total": 40, "label": "40 aktiviteter"})

    assert re.findall(r"<text[^>]*>(\d+)</text>", bar) == ["39"]
    assert re.findall(r"<b>(\d+)</b>", bar) == ["39", "1"]


class Report(forms.Form):
    status = forms.ChoiceField(
        label="Hur går det?", choices=[("delayed", "Försenad")], widget=forms.RadioSelect
    )
    reason = forms.CharField(label="Vad är försenat?", help_text="Två meningar räcker.")


def test_a_field_that_is_wrong_keeps_what_was_typed_and_points_at_hint_and_error():
    form = Report({"status": "delayed", "reason": " "})

    field = render_to_string("components/field.html", {"field": form["reason"]})

    assert 'aria-invalid="true"' in field
    assert 'aria-describedby="id_reason_helptext id_reason_error"' in field
    assert 'id="id_reason_helptext"' in field
    assert 'id="id_reason_error"' in field


def test_choices_are_real_radio_buttons_with_their_symbols():
    form = Report({"status": "delayed"})

    tiles = render_to_string("components/field.html", {"field": form["status"], "statuses": True})

    assert re.search(r'<input type="radio"[^>]*value="delayed"[^>]*checked', tiles)
    assert "#s-delayed" in tiles


def test_errors_are_summed_up_with_links_to_their_fields():
    summary = render_to_string("components/error_summary.html", {"form": Report({})})

    assert 'href="#id_status"' in summary
    assert 'href="#id_reason"' in summary


def test_nothing_is_summed_up_when_nothing_is_wrong():
    assert not render_to_string("components/error_summary.html", {"form": Report()}).strip()


IN_THE_HEAD_OR_FOOT = {"htmx.html", "kept_drafts.html", "log_in_link.html", "masthead.html", "sprite.html"}
IN_OTHERS = {"conflict.html", "conflict_choice.html", "field_help.html", "says.html", "version.html"}


def test_the_page_of_components_shows_them_all():
    page = (TEMPLATES / "portal" / "components.html").read_text() + (TEMPLATES / "base.html").read_text()

    shown = set(re.findall(r"components/([\w]+\.html)", page))

    assert {file.name for file in COMPONENTS.glob("*.html")} - shown <= IN_THE_HEAD_OR_FOOT | IN_OTHERS


def test_scripts_are_small():
    assert sum(file.stat().st_size for file in CSS.parent.glob("js/*.js")) <= 20_000


@pytest.mark.parametrize("page", ["400.html", "500.html", "503.html"])
def test_the_pages_for_broken_requests_need_neither_context_nor_database(page):
    assert "<h1>" in render_to_string(page)


@pytest.mark.django_db
def test_a_page_that_is_missing_offers_a_way_to_log_in_and_back(client):
    answer = client.get("/finns-inte/?year=2016")

    assert answer.status_code == 404
    assert 'href="/konto/logga-in/?next=/finns-inte/%3Fyear%3D2016"' in answer.content.decode()


def test_a_refusal_says_why(rf):
    page = render_to_string("403.html", {"exception": "Bara redaktören får publicera."}, rf.get("/"))

    assert "Bara redaktören får publicera." in page


@pytest.fixture(scope="module")
def font_folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("fonts")
    make_font(folder)
    return folder


def test_the_font_has_the_letters_and_signs_that_pages_and_plans_use(font_folder):
    font = TTFont(font_folder / FILE_NAME)
    plans = "".join(
        (settings.BASE_DIR / "tests" / "data" / f"{plan}.txt").read_text() for plan in ["4m", "botkyrka"]
    )

    wanted = {
        sign
        for sign in "åäöÅÄÖéüáß–—−…·•‘’“”„«»↑↓←→✓×≥≤½€§\N{NO-BREAK SPACE}\N{SOFT HYPHEN}\N{HYPHEN}" + plans
        if sign >= " "
    }

    assert wanted <= set(map(chr, font.getBestCmap()))


def test_the_font_has_every_weight_kerning_and_figures_of_one_width(font_folder):
    font = TTFont(font_folder / FILE_NAME)
    [weight] = font["fvar"].axes
    names = font.getBestCmap()

    assert (weight.axisTag, weight.minValue, weight.maxValue) == ("wght", 200, 900)
    assert "kern" in {record.FeatureTag for record in font["GPOS"].table.FeatureList.FeatureRecord}
    assert len({font["hmtx"][names[ord(digit)]][0] for digit in "0123456789"}) == 1


def test_the_font_is_small_and_goes_with_its_licence_under_another_name(font_folder):
    names = TTFont(font_folder / FILE_NAME)["name"]

    assert (font_folder / FILE_NAME).stat().st_size < 60_000
    assert "SIL OPEN FONT LICENSE" in (font_folder / LICENCE_NAME).read_text()
    assert "Source" not in names.getDebugName(1) + names.getDebugName(4) + names.getDebugName(6)


def test_making_the_font_again_gives_the_same_bytes(font_folder, tmp_path):
    assert make_font(tmp_path).read_bytes() == (font_folder / FILE_NAME).read_bytes()
