"""How many requests are made up, from which seed, and the world that they are sent to."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.db import transaction
from django.test import override_settings

from municipalities.signing_in.configuration import Service
from tests.made_up.world import World, make_world


@pytest.fixture(scope="session")
def seed() -> str:
    """Any word: MADE_UP_SEED=… tries other requests."""
    return os.environ.get("MADE_UP_SEED", "handlingsplaner")


@pytest.fixture(scope="module")
def world_of_the_module(django_db_setup, django_db_blocker) -> Iterator[World]:
    quick = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
    with django_db_blocker.unblock(), transaction.atomic():
        with quick:
            world = make_world()
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def world(world_of_the_module: World, db: None) -> World:
    """The real plans, one under way, and everyone's sessions; built once for a module's tests."""
    return world_of_the_module


@pytest.fixture(autouse=True)
def service_that_is_away(settings: LazySettings) -> None:
    """An organisation's log-in service that doesn't answer."""
    settings.OIDC_PROVIDERS = (
        Service(
            "vasteras",
            "Västerås stad",
            organisation="vasteras",
            server="http://127.0.0.1:9",
            client_id="portalen",
            client_secret="hemligt",
            origins=("http://127.0.0.1:9",),
        ),
    )
