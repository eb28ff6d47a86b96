"""What is chosen where two people wrote different things of an activity."""

from __future__ import annotations

from typing import Any

from actionplan.forms.merging import MergeForm
from followup.forms.reporting import TEXTS, ReportForm
from followup.models import Status


class ReportMergeForm(MergeForm):
    """The merge of two reports."""

    texts = TEXTS

    def label_of(self, name: str) -> Any:
        return ReportForm.base_fields[name].label

    def words_of(self, name: str, value: str) -> str:
        """What a version of a field says; a status by its label."""
        return str(dict(Status.choices).get(value, "")) if name == "status" else value
