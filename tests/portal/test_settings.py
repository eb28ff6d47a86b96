"""What the settings promise whoever asks the portal for something."""

import pytest


@pytest.mark.django_db
def test_a_host_that_the_portal_does_not_go_by_is_refused(client):
    assert client.get("/", headers={"host": "elsewhere.example"}).status_code == 400


@pytest.mark.parametrize("address", ["/halsa/", "/admin/", "/finns-inte/", "/static/portal/icon.svg"])
@pytest.mark.django_db
def test_every_answer_carries_the_content_security_policy(client, address):
    policy = client.get(address)["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy
