"""Which log-in services there are: what the environment may say, and what stops the start."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from municipalities.signing_in.configuration import Service, read_services

ROOT = Path(__file__).parents[2]
VASTERAS = {
    "id": "vasteras",
    "name": "Västerås stad",
    "organisation": "vasteras",
    "server": "https://inloggning.example.se/adfs",
    "client_id": "handlingsplaner",
    "client_secret": "hemlig",
}


def read(*services: object) -> tuple[Service, ...]:
    return read_services(json.dumps(services))


def test_a_service_is_what_the_environment_says_and_shows_its_own_site_alone():
    [service] = read(VASTERAS)

    assert service == Service(**VASTERAS, second_factor=False, origins=("https://inloggning.example.se",))


def test_a_service_may_ask_for_a_second_factor_itself_and_show_other_sites():
    origins = ["https://inloggning.example.se", "https://e-legitimation.example:8443"]

    [service] = read(VASTERAS | {"second_factor": True, "origins": origins})

    assert service.second_factor
    assert service.origins == tuple(origins)


def test_a_slash_at_the_end_of_the_server_means_nothing():
    assert read(VASTERAS | {"server": "https://inloggning.example.se/adfs/"}) == read(VASTERAS)


def test_the_secret_is_not_shown_when_a_service_is():
    assert "hemlig" not in repr(read(VASTERAS))


@pytest.mark.parametrize("text", ["", "  ", "[]"])
def test_there_may_be_none(text):
    assert read_services(text) == ()


WRONG = {
    "no id": ([{**VASTERAS, "id": ""}], "id saknas"),
    "no secret": ([{k: v for k, v in VASTERAS.items() if k != "client_secret"}], "client_secret saknas"),
    "a number for a name": ([VASTERAS | {"name": 1}], "name saknas, eller är inte en text"),
    "an unknown word": ([VASTERAS | {"secund_factor": True}], "det finns inget som heter secund_factor"),
    "an id with capitals": ([VASTERAS | {"id": "Västerås"}], "id ska vara små bokstäver"),
    "an id that is an address": ([VASTERAS | {"id": "avbruten"}], "id ska vara små bokstäver"),
    "the same id twice": ([VASTERAS, VASTERAS], "har två tjänster med id vasteras"),
    "no list": (VASTERAS, "ska vara en lista"),
    "a list of texts": (["vasteras"], "tjänst 1: den ska stå inom klamrar"),
    "the second one": ([VASTERAS, VASTERAS | {"id": ""}], "tjänst 2"),
    "a yes": ([VASTERAS | {"second_factor": "ja"}], "second_factor ska vara true eller false"),
    "plain http": ([VASTERAS | {"server": "http://inloggning.example.se"}], "server ska vara"),
    "no address": ([VASTERAS | {"server": "inloggning.example.se"}], "server ska vara"),
    "a port that is none": ([VASTERAS | {"server": "https://inloggning.example.se:1a"}], "server ska vara"),
    "an address with a password": (
        [VASTERAS | {"server": "https://a:b@inloggning.example.se"}],
        "server ska vara",
    ),
    "the configuration's address": (
        [VASTERAS | {"server": "https://a.example/.well-known/openid-configuration"}],
        "server ska vara utfärdarens adress",
    ),
    "an origin with a path": ([VASTERAS | {"origins": ["https://a.example/in"]}], "utan sökväg"),
    "every origin": ([VASTERAS | {"origins": ["https://*"]}], "utan sökväg"),
    "an origin that adds to the policy": (
        [VASTERAS | {"origins": ["https://a.example; script-src *"]}],
        "utan sökväg",
    ),
    "no origins": ([VASTERAS | {"origins": []}], "origins ska vara en lista"),
    "origins as a text": ([VASTERAS | {"origins": "https://a.example"}], "origins ska vara en lista"),
}


@pytest.mark.parametrize(("told", "sentence"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_told(told, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        read_services(json.dumps(told))


def start(told: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"OIDC_PROVIDERS": told, "DJANGO_SETTINGS_MODULE": "portal.settings"}
    command = [sys.executable, "-c", "from django.conf import settings; print(settings.OIDC_PROVIDERS)"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


def test_a_wrong_one_stops_the_start_with_a_sentence_that_helps():
    done = start('[{"id": "vasteras"')

    assert done.returncode == 1
    assert done.stderr.strip() == "Portalen kan inte starta: OIDC_PROVIDERS är inte JSON (rad 1, tecken 19)."


def test_the_example_in_the_documentation_starts():
    [example] = re.findall(r"^# OIDC_PROVIDERS='(.+)'$", (ROOT / ".env.example").read_text(), re.MULTILINE)

    done = start(example)

    assert done.returncode == 0
    assert "Service(id='vasteras', name='Västerås stad'" in done.stdout
