"""What somebody who sends a plan's workbook fills in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from exchange.forms import FileForm


class WorkbookForm(FileForm):
    """A workbook for a draft: what it doesn't have stays, unless it is to go."""

    removes = forms.BooleanField(
        label=_("Ta bort det som inte står i filen"),
        required=False,
        help_text=_("Gäller de blad som finns i filen. Utan det läggs bara till och ändras."),
    )
