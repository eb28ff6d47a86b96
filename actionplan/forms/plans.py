"""What an administrator fills in to let a new plan begin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionplan.forms.fields import DayField, YearField
from actionplan.forms.shared import sentence_of
from actionplan.models import DocumentType, Plan
from municipalities.models import Municipality, Organisation
from publishing.formats import swedish_key

WORDS = ("challenge_word", "challenge_word_plural", "activity_word", "activity_word_plural")
"""What the plan itself calls its challenges and activities."""

FACTS = (
    "valid_until", "applies_to", "replaces", "related_documents",
    "document_owner", "revised_by", "followed_up_by",
)  # fmt: skip
"""What the document says of itself."""


class PlanForm(forms.ModelForm):
    """A plan that its owner's editor then writes, beginning with a draft of its first year."""

    first_year = YearField(gettext_lazy("Från år"))
    last_year = YearField(
        gettext_lazy("Till år"), required=False, help_text=gettext_lazy("Tomt om planen gäller tills vidare.")
    )

    valid_until = DayField(gettext_lazy("Gäller till"))

    class Meta:
        model = Plan
        fields = (
            "title", "slug", "document_type", "document_name", "owner", "partners", "first_year", "last_year",
            *WORDS, *FACTS,
        )  # fmt: skip
        widgets = {
            "partners": forms.CheckboxSelectMultiple,
            **{name: forms.Textarea(attrs={"rows": 2}) for name in FACTS if name != "valid_until"},
        }
        help_texts = {
            "title": gettext_lazy("Till exempel: 4M:s gemensamma handlingsplan för näringsliv."),
            "slug": gettext_lazy(
                "Står i planens adress och ändras aldrig, till exempel 4m. Lämna tomt, så görs en av titeln."
            ),
            "owner": gettext_lazy("Organisationens redaktörer skriver planen, fastställer och publicerar."),
            "partners": gettext_lazy("Kommunerna som har beslutat om planen tillsammans."),
        }
        error_messages = {
            "title": {"required": gettext_lazy("Skriv vad planen heter.")},
            "slug": {"unique": gettext_lazy("En annan plan har redan den adressen.")},
            "document_type": {"required": gettext_lazy("Välj vilken typ av dokument det är.")},
            "owner": {"required": gettext_lazy("Välj vem som äger planen.")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("slug", *WORDS):
            self.fields[name].required = False
        self.fields["document_type"].choices = [("", _("Välj typ")), *DocumentType.choices]  # type: ignore[attr-defined]
        self.choose("owner", Organisation)
        self.choose("partners", Municipality)

    def choose(self, name: str, kind: type[Organisation]) -> None:
        """Lets one of that kind be chosen, by name in Swedish order."""
        found = sorted(kind.objects.all(), key=lambda each: swedish_key(each.name))
        nothing = [("", _("Välj organisation"))] if name == "owner" else []
        self.fields[name].choices = [*nothing, *((each.pk, each.name) for each in found)]  # type: ignore[attr-defined]

    def sections(self) -> list[tuple[str, list[Any]]]:
        """The fields by what they are about."""
        own = [field for field in self if field.name not in (*WORDS, *FACTS)]
        words, facts = ([self[name] for name in names] for names in (WORDS, FACTS))
        return [(_("Om planen"), own), (_("Planens egna ord"), words), (_("Om dokumentet"), facts)]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for name in WORDS:
            said[name] = said.get(name) or getattr(Plan(), name)  # as the model has it
        first, last = said.get("first_year"), said.get("last_year")
        if first is not None and last is not None and first > last:
            self.add_error("last_year", sentence_of(Plan, "plan_ends_after_it_starts"))
        if not said.get("slug") and said.get("title") and "slug" not in self.errors:
            said["slug"] = slugify(said["title"])[:50].strip("-")
            if not said["slug"] or Plan.objects.filter(slug=said["slug"]).exists():
                self.add_error("slug", ValidationError(_("Skriv en adress: den som titeln ger går inte.")))
        return said
