"""What anyone may send to whoever runs the portal."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.models import AccessibilityReport


class AccessibilityReportForm(forms.ModelForm[AccessibilityReport]):
    """Something that can't be used, and to whom to answer, if anyone."""

    class Meta:
        model = AccessibilityReport
        fields = ("problem", "name", "email")
        error_messages = {"problem": {"required": _("Berätta vad som inte fungerar.")}}
        widgets = {
            "problem": forms.Textarea({"rows": 8}),
            "name": forms.TextInput({"autocomplete": "name"}),
            "email": forms.EmailInput({"autocomplete": "email"}),
        }
