"""What those who write in a draft fill in: a form for each kind of row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, RegexValidator
from django.db import models
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from actionplan.editing import Way
from actionplan.forms.fields import YearField
from actionplan.forms.merging import MergeForm
from actionplan.forms.numbers import NumberField
from actionplan.forms.shared import TOO_LONG, as_it_reads, sentence_of
from actionplan.kinds import KINDS, Kind, indicators_to_choose, organisations_to_choose
from actionplan.models import (
    Activity,
    Area,
    Challenge,
    Chapter,
    Direction,
    Goal,
    Indicator,
    Part,
    Placement,
    Plan,
    Responsibility,
    Revision,
    Row,
    Term,
    YearlyTarget,
)
from actionplan.stands import says, version_of, written
from municipalities.models import Organisation
from publishing.formats import swedish_key
from publishing.markdown import to_html, with_lists

MARKDOWN = _("Markdown: tom rad ger nytt stycke, ## rubrik, - punkt, **fetstil**, [länk](https://…).")
VERSION = re.compile(r"[0-9]{1,18}(\.[0-9]{1,18})?")

LINES = {"text": 16, "strategy": 8, "description": 6}
"""How tall the longer texts are to begin with."""


class VersionField(forms.CharField):
    """What stood there when the form was opened; nothing when the page didn't tell."""

    widget = forms.HiddenInput
    default_validators = [RegexValidator(rf"\A{VERSION.pattern}\Z")]


class OrganisationBoxes(forms.CheckboxSelectMultiple):
    """Boxes whose keys are sent one by one, or all in one text with spaces between."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        sent = data.getlist(name) if hasattr(data, "getlist") else [data.get(name) or ""]
        return [key for each in sent for key in str(each).split()]

    def format_value(self, value: Any) -> list[str]:
        return value.split() if isinstance(value, str) else super().format_value(value)


class OrganisationsField(forms.MultipleChoiceField):
    """Organisations that answer for something; `near` are those that come first on the page."""

    widget = OrganisationBoxes
    near: frozenset[str] = frozenset()

    def offer(self, organisations: Iterable[Organisation], near: frozenset[str]) -> None:
        self.organisations = {each.key: each for each in organisations}
        self.near = near
        self.choices = [(key, each.name) for key, each in self.organisations.items()]

    def clean(self, value: Any) -> Any:
        return [self.organisations[key] for key in dict.fromkeys(super().clean(value))]


class Sent(forms.Form):
    """Which of a form's buttons sent it."""

    merging = forms.BooleanField(required=False)
    preview = forms.BooleanField(required=False)


class Asked(forms.Form):
    """What an address asks of a new row: below which row, a target's indicator, a chapter's place."""

    under = forms.SlugField(required=False, max_length=100)
    placement = forms.ChoiceField(choices=Placement, required=False)
    indicator = forms.SlugField(required=False, max_length=100)


class MoveForm(forms.Form):
    """Where a row is to go: up or down, or below another one."""

    NOWHERE = "-"

    way = forms.ChoiceField(choices=Way, required=False)
    above = forms.ChoiceField(
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Det du valde finns inte längre. Välj igen.")},
    )

    def __init__(self, *args: Any, label: str, above: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["above"].label = label
        self.fields["above"].choices = list(above)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not (self.errors or said.get("way") or said.get("above")):
            self.add_error("above", gettext("Välj vart den ska flyttas."))
        return said

    @property
    def target(self) -> str:
        chosen: str = self.cleaned_data["above"]
        return "" if chosen == self.NOWHERE else chosen


class RowForm(forms.ModelForm):
    """A row of a draft; carries the draft's number, the version that was seen and what it stands below.

    A form is held against the model's promises once each field is right, as it is again when it is saved.
    """

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    seen = VersionField(required=False)
    under = forms.SlugField(widget=forms.HiddenInput, required=False, max_length=100)

    kind: ClassVar[Kind]
    needed: ClassVar[Mapping[str, Any]] = {}
    """Sentences for fields that hold nothing and must."""

    def __init__(
        self,
        data: Any = None,
        *,
        plan: Plan,
        draft: Revision | None,
        thing: Any = None,
        above: Row | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        self.plan, self.draft, self.is_new = plan, draft, thing is None
        instance = thing or self.kind.model()
        if isinstance(instance, Row) and draft:
            instance.revision = draft
            if above:
                setattr(instance, self.kind.above, above)
        begun: dict[str, Any] = {"revision": draft.pk if draft else "", "under": above.key if above else ""}
        if thing:
            begun |= says(self.kind, thing) | {"seen": version_of(thing)}
        super().__init__(data, instance=instance, initial=begun | dict(initial or {}))
        if self.is_new and self.kind.model in IN_ADDRESSES:
            self.fields["key"] = key_field()
        for name, field in self.fields.items():
            field.widget.attrs.pop("maxlength", None)  # the browser would cut without a word
            for validator in field.validators:
                if isinstance(validator, MaxLengthValidator):
                    validator.message = TOO_LONG
            if name in self.needed:
                field.error_messages["required"] = self.needed[name]
            if name in self.kind.markdown:
                field.help_text = MARKDOWN
            if name in self.kind.texts:
                field.widget.attrs["rows"] = LINES.get(name, 3)
        self.prepare()

    def prepare(self) -> None:
        """Fills the choices, and words that depend on the plan."""

    def _post_clean(self) -> None:
        if not self.errors:
            super()._post_clean()  # type: ignore[misc]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for name, value in said.items():
            if isinstance(value, str):
                said[name] = as_it_reads(value, has_lines=name in self.kind.texts)
        for name in self.kind.markdown:
            if isinstance(said.get(name), str):
                said[name] = with_lists(said[name])
        if said.get("key") and self.is_taken(said["key"]):
            name = f"{self.kind.model._meta.model_name}_key_is_unique_in_its_revision"
            self.add_error("key", sentence_of(self.kind.model, name))
        return said

    def is_taken(self, key: str) -> bool:
        return self.kind.model._default_manager.filter(revision=self.draft, key=key).exists()

    def said(self) -> dict[str, Any]:
        """What a person fills in, by field."""
        return {name: self.cleaned_data[name] for name in self.kind.names}

    def words(self) -> dict[str, str]:
        """The same as text: as it was understood, else as it was typed."""
        is_right = self.is_bound and self.is_valid()
        return {
            name: written(self.cleaned_data[name]) if is_right else self.typed(name)
            for name in self.kind.names
        }

    def typed(self, name: str) -> str:
        value = self[name].value()
        return " ".join(value) if isinstance(value, list) else "" if value is None else str(value)

    def carried(self) -> dict[str, Any]:
        """All that was sent, for a form to go on with that isn't held against anything yet."""
        names = ("revision", "seen", "under", *(["key"] if "key" in self.fields else []))
        return {name: self.typed(name) for name in (*names, *self.kind.names)}

    @property
    def previews(self) -> dict[str, SafeString]:
        """How the texts in Markdown look, by field."""
        return {name: to_html(with_lists(self.typed(name)), name=name) for name in self.kind.markdown}


IN_ADDRESSES = (Challenge, Activity)
"""Rows that have pages of their own, whose key one may want to choose."""


def key_field() -> forms.CharField:
    return forms.CharField(
        label=_("Nyckel i adressen"),
        required=False,
        validators=[
            RegexValidator(r"\A[-a-z0-9_]{1,100}\Z", _("Skriv små bokstäver a–z, siffror och bindestreck."))
        ],
        help_text=_("Följer raden genom åren och ändras aldrig. Lämna tomt, så görs den av texten."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class ChapterForm(RowForm):
    kind = KINDS["avsnitt"]
    needed = {"title": _("Skriv en rubrik.")}

    class Meta:
        model = Chapter
        fields = KINDS["avsnitt"].fields
        widgets = {"placement": forms.RadioSelect}

    def prepare(self) -> None:
        choices: list[Any] = list(Placement.choices)
        if self.instance.area_id is None:
            word = self.plan.words.challenges
            choices = [
                (Placement.BEFORE, gettext("Före %s") % word),
                (Placement.AFTER, gettext("Efter %s") % word),
            ]
        self.fields["placement"].choices = choices  # type: ignore[attr-defined]


class AreaForm(RowForm):
    kind = KINDS["omraden"]
    needed = {"title": _("Skriv vad området heter.")}

    class Meta:
        model = Area
        fields = KINDS["omraden"].fields


class ChallengeForm(RowForm):
    kind = KINDS["utmaningar"]
    needed = {"title": _("Skriv en rubrik.")}

    followup_owner: Any = forms.ModelChoiceField(
        None,
        label=_("Uppföljningsansvarig"),
        required=False,
        to_field_name="key",
        empty_label=_("Ingen än"),
        help_text=_("En av kommunerna som deltar i planen."),
        error_messages={"invalid_choice": _("Kommunen deltar inte i planen.")},
    )

    class Meta:
        model = Challenge
        fields = KINDS["utmaningar"].fields

    def prepare(self) -> None:
        self.fields["title"].label = self.plan.words.challenge.capitalize()
        offer_one_of(self.fields["followup_owner"], self.plan.partners.all())


def offer_one_of(field: Any, rows: models.QuerySet) -> None:
    """Lets one of the rows be chosen, in Swedish order, on which databases don't agree."""
    field.queryset = rows
    named = [(field.prepare_value(each), field.label_from_instance(each)) for each in rows]
    field.choices = [("", field.empty_label), *sorted(named, key=lambda each: swedish_key(each[1]))]


class GoalForm(RowForm):
    kind = KINDS["mal"]
    needed = {"text": _("Skriv vad målet är.")}

    class Meta:
        model = Goal
        fields = KINDS["mal"].fields


class TargetForm(RowForm):
    kind = KINDS["malvarden"]
    needed = {"value": _("Skriv ett målvärde, till exempel 75 eller 74,5.")}

    indicator: Any = forms.ModelChoiceField(
        None,
        label=_("Indikator"),
        to_field_name="slug",
        empty_label=_("Välj indikator"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Välj en indikator.")),
    )
    year = YearField(_("År"))
    value = NumberField(label=_("Målvärde"))
    nearly = NumberField(
        label=_("Gräns för delvis"),
        required=False,
        help_text=_("I indikatorns egen enhet. Tomt betyder att målet nås eller inte."),
    )

    class Meta:
        model = YearlyTarget
        fields = KINDS["malvarden"].fields
        labels = {"reason": _("Varför ändras målvärdet?")}

    def prepare(self) -> None:
        offer_one_of(self.fields["indicator"], indicators_to_choose(self.plan))
        if self.is_new and self.draft and self.initial.get("year") is None:
            self.initial["year"] = self.draft.year
        decided = None if self.is_new else self.decided
        if decided:
            self.fields["value"].help_text = words_of_decided(decided)
        else:
            self.fields["reason"].widget = forms.HiddenInput()

    @cached_property
    def decided(self) -> YearlyTarget | None:
        """The target as it is decided; asked before the form has changed the one in hand."""
        return self.instance.decided

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        value, nearly, operator = said.get("value"), said.get("nearly"), said.get("operator")
        if (
            value is not None
            and nearly is not None
            and (nearly >= value if operator == ">=" else nearly <= value)
        ):
            self.add_error("nearly", sentence_of(YearlyTarget, "nearly_is_short_of_the_target"))
        return said


def words_of_decided(target: YearlyTarget) -> str:
    words = {"year": target.revision.year, "value": target.asks}
    return gettext("Beslutat i planen för %(year)d: %(value)s") % words


class ActivityForm(RowForm):
    kind = KINDS["aktiviteter"]
    needed = {"title": _("Skriv vad som ska göras.")}

    first_year = YearField(_("Från år"), required=False)
    last_year = YearField(_("Till år"), required=False)
    lead = OrganisationsField(label=_("Huvudansvarig"), required=False)
    taking_part = OrganisationsField(label=_("Medverkar"), required=False)

    class Meta:
        model = Activity
        fields = KINDS["aktiviteter"].fields
        labels = {"heading": _("Rubrik som den står under")}
        help_texts = {
            "heading": _("Tomt om den inte står under någon. Flera i rad med samma rubrik står tillsammans."),
            "responsible_text": _("Om dokumentet ska säga något annat än organisationernas namn."),
        }

    def prepare(self) -> None:
        self.fields["title"].label = self.plan.words.activity.capitalize()
        partners = {each.pk for each in self.plan.partners.all()}
        answering = Responsibility.objects.filter(revision__plan=self.plan).order_by()
        near = {*partners, self.plan.owner_id, *answering.values_list("organisation", flat=True).distinct()}
        organisations = sorted(
            organisations_to_choose(self.plan),
            key=lambda each: (each.pk not in partners, swedish_key(each.name)),
        )
        keys = frozenset(each.key for each in organisations if each.pk in near)
        for name in Part.values:
            field: Any = self.fields[name]
            field.offer(organisations, keys)

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        first, last = said.get("first_year"), said.get("last_year")
        if first is not None and last is not None and first > last:
            self.add_error("last_year", sentence_of(Activity, "activity_ends_after_it_starts"))
        both = [each.name for each in said.get(Part.LEAD, ()) if each in said.get(Part.TAKING_PART, ())]
        if both:
            sentence = gettext("%(who)s kan inte både vara huvudansvarig och medverka.")
            self.add_error(Part.TAKING_PART, sentence % {"who": ", ".join(both)})
        return said


@dataclass(frozen=True)
class Boxes:
    """The organisations that can answer for something: those near, and the others."""

    field: Any
    near: list[Any]
    others: list[Any]


def boxes_of(field: Any) -> Boxes:
    """A bound field's boxes; one that is ticked is near, wherever it stands."""
    boxes = list(field)
    is_near = [box.data["selected"] or box.data["value"] in field.field.near for box in boxes]
    return Boxes(
        field,
        [box for box, near in zip(boxes, is_near, strict=True) if near],
        [box for box, near in zip(boxes, is_near, strict=True) if not near],
    )


class TermForm(RowForm):
    kind = KINDS["ord"]
    needed = {"term": _("Skriv ordet."), "explanation": _("Skriv vad ordet betyder.")}

    class Meta:
        model = Term
        fields = KINDS["ord"].fields


class IndicatorForm(RowForm):
    kind = KINDS["indikatorer"]
    needed = {"name": _("Skriv vad indikatorn heter.")}

    class Meta:
        model = Indicator
        fields = KINDS["indikatorer"].fields
        widgets = {
            "direction": forms.RadioSelect,
            "decimals": forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        }
        help_texts = {
            "short_name": _("Visas där det är trångt, till exempel NKI."),
            "unit": _("Till exempel index, procent eller antal."),
            "kolada_id": _("Till exempel U07451, om värdena finns i Kolada."),
        }
        error_messages = {
            "decimals": dict.fromkeys(
                ("required", "invalid", "min_value", "max_value"), _("Skriv ett tal från 0 till 8.")
            ),
            "source_url": {"invalid": _("Skriv hela adressen, till exempel https://www.kolada.se")},
        }

    def prepare(self) -> None:
        self.fields["direction"].choices = Direction.choices  # type: ignore[attr-defined]


FORMS: dict[str, type[RowForm]] = {
    form.kind.word: form
    for form in (
        ChapterForm,
        AreaForm,
        ChallengeForm,
        GoalForm,
        TargetForm,
        ActivityForm,
        TermForm,
        IndicatorForm,
    )
}
"""By the word that the kind has in addresses."""


class RowMergeForm(MergeForm):
    """The merge of two that wrote in the same row; goes on where the form was."""

    seen: Any = VersionField()
    after: Any = VersionField()
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, form: RowForm, **kwargs: Any) -> None:
        self.form = form
        self.texts = form.kind.texts
        super().__init__(data, **kwargs)

    def label_of(self, name: str) -> Any:
        return self.form.fields[name].label

    def words_of(self, name: str, value: str) -> str:
        """What a version of the field says; what was chosen by its label."""
        choices = getattr(self.form.fields[name], "choices", None)
        if choices is None:
            return value
        labels = {str(key): str(label) for key, label in choices}
        keys = value.split() if isinstance(self.form.fields[name], OrganisationsField) else [value]
        return ", ".join(labels.get(key, key) for key in keys)


def refusals(form: RowForm, error: ValidationError) -> None:
    """Tells what the model says at the field it is about, or at the top."""
    told: Mapping[str, Any] = error.error_dict if hasattr(error, "error_dict") else {"__all__": [error]}
    for name, each in told.items():
        form.add_error(name if name in form.fields else None, each)
