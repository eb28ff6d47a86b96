"""The finder of rules finds every sort of rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rights.finding import Rules, removals, shown_to_some

FOUND = [str(each) for each in removals()]


@pytest.mark.parametrize(
    "words",
    [
        ("permissions.py", "takes_part holds for everyone"),
        ("permissions.py", "read_plan", "is for everyone"),
        ("permissions.py", "without is_open: is_open &"),
        ("rights.py", '"report-activity" is public'),
        ("rights.py", "not visitors_log_in"),
        ("rights.py", "never: if right.permission and"),
        ("loaders.py", "unchecked: or_404", "actionplan.read_plan"),
        ("loaders.py", "unchecked: or_403", "followup.report_activity"),
        ("loaders.py", "without organisation=organisation: get_object_or_404(Invitation"),
        ("views", "activities without require_safe"),
        ("views", "unchecked: may", "followup.have_to_do"),
        ("users.py", "without self.confined_to is None"),
        ("users.py", "without organisation__key=self.confined_to"),
        ("administration.py", "has_change_permission lets everything pass"),
        ("admin.py", "why_not_change lets everything pass"),
        ("second_steps.py", "without person.may_write"),
        ("settings.py", 'without "portal.rights.Rights"'),
        ("templates/followup/activity.html", "shown to all: user.is_authenticated"),
    ],
)
def test_a_rule_is_found(words):
    assert [each for each in FOUND if all(word in each for word in words)]


def test_what_stands_instead_is_still_python(tmp_path):
    """A removal that can't be read would be noticed for the wrong reason."""
    broken = []
    for each in removals():
        if each.file.suffix == ".py":
            try:
                compile(each.text(), str(each.file), "exec")
            except SyntaxError as error:
                broken.append(f"{each}: {error}")

    assert broken == []


def test_a_rule_in_a_new_file_is_found_by_itself(tmp_path: Path):
    file = tmp_path / "permissions.py"
    file.write_text("import rules\n\n\n@rules.predicate\ndef är_ny(user):\n    return user.name == 'Å'\n")

    [removal] = Rules(file).found

    assert removal.what == "är_ny holds for everyone"
    assert removal.text().endswith("def är_ny(user):\n    return True\n")


def test_a_condition_in_a_template_is_found_where_it_stands(tmp_path: Path):
    file = tmp_path / "page.html"
    file.write_text("{# user.is_active #}\n{% if user.is_authenticated and x %}Å{% endif %}")

    [removal] = shown_to_some(file)

    assert removal.line == 2
    assert removal.text().endswith("{% if True and x %}Å{% endif %}")
