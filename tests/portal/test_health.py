import pytest
from django.db import OperationalError, connection
from django.urls import reverse


@pytest.mark.django_db
def test_the_portal_is_healthy_when_its_database_answers(client):
    answer = client.get(reverse("health"))

    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_the_portal_is_not_healthy_when_its_database_does_not_answer(client):
    def refuse(*args):
        raise OperationalError("The database is gone.")

    with connection.execute_wrapper(refuse):
        answer = client.get(reverse("health"))

    assert answer.status_code == 503
