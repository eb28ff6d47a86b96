"""Damaged workbooks sent to a draft: no page breaks, and the draft has all of a file or nothing of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from actionplan.models import Revision
from actionplan.workbook.exporting import tables_of
from exchange.models import Stage, Upload
from exchange.steps import went_wrong
from exchange.writing import xlsx, zip_of_csv
from municipalities.models import Role
from tests.builders import (
    make_activity,
    make_challenge,
    make_chapter,
    make_draft,
    make_goal,
    make_municipality,
    make_plan,
    make_responsibility,
    make_target,
    make_term,
    make_user,
)
from tests.exchange.damaged import Damaged, damaged_files
from tests.faults.sizes import FILES

pytestmark = pytest.mark.django_db

MANY = FILES if FILES >= 1000 else FILES // 3
"""Each costs several pages."""


@pytest.fixture
def draft() -> Revision:
    partners = [make_municipality("Enköping", key="enkoping"), make_municipality("Västerås", key="vasteras")]
    draft = make_draft(make_plan(slug="4m", partners=partners), year=2017)
    make_chapter(draft)
    make_term(draft)
    for number in range(2):
        challenge = make_challenge(draft, key=f"utmaning-{number}", followup_owner=partners[number])
        make_target(make_goal(challenge))
        for year in (2016, 2017):
            make_responsibility(make_activity(challenge, first_year=year, last_year=2018), partners[0])
    return draft


def test_no_damaged_workbook_breaks_a_page_or_comes_in_by_half(draft, tell):
    client = Client(raise_request_exception=False)
    client.force_login(make_user(Role.EDITOR, draft.plan.owner))
    tables = tables_of(draft)
    good = [xlsx(tables), zip_of_csv(tables)]
    told, done, wrong = 0, 0, []

    for file in damaged_files("xlsx", MANY, good):
        with transaction.atomic():
            before = rows()
            page = send(client, draft, file)
            upload = Upload.objects.order_by("-since").first()
            if page.status_code not in (200, 422):
                wrong.append(f"{file}: answered with {page.status_code}")
            if rows() != before or tables_of(draft) != tables:
                wrong.append(f"{file}: changed something before anyone said yes")
            if upload and upload.problem == went_wrong():
                wrong.append(f"{file}: the background work broke")
            told += bool(upload)
            if upload and upload.would and not upload.would.is_refused:
                answer = client.post(page.request["PATH_INFO"], {"answer": "yes", "mark": upload.would.mark})
                upload.refresh_from_db()
                if answer.status_code != 302 or upload.stage != Stage.DONE:
                    wrong.append(f"{file}: was promised and not kept, {upload.stage} {upload.problem}")
                done += 1
            transaction.set_rollback(True)

    tell(f"{MANY} damaged workbooks sent to a draft: {told} told of, {done} of them imported")
    assert not wrong, "\n".join(wrong)


def send(client: Client, draft: Revision, file: Damaged) -> Any:
    sent = SimpleUploadedFile(file.name, file.content)
    return client.post(reverse("import-draft", args=[draft.plan.slug]), {"file": sent}, follow=True)


def rows() -> int:
    """How many there are of all but files on their way in."""
    return sum(model._base_manager.count() for model in apps.get_models() if model is not Upload)
