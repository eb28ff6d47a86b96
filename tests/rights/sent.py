"""What is sent to each address that takes a form: right in all but who sends it."""

from __future__ import annotations

from typing import Any

TYPED = {"comment": "Något som någon har skrivit."}
"""Sent to whatever needs nothing else, and to what takes nothing."""

SENT: dict[str, dict[str, Any]] = {
    "choose-language": {"language": "en", "next": "/om/"},
    "report-accessibility": {"problem": "Kartan går inte att läsa."},
    "report-activity": {"status": "ongoing", "comment": "Vi är på väg.", "seen": 1},
    "review": {
        "deed": "save",
        "purpose": "Det går bra.",
        "seen": 1,
        **{f"goal-{key}-seen": 1 for key in ("mal", "deras-mal")},
        **{f"goal-{key}-action": "Fler möten." for key in ("mal", "deras-mal")},
    },
    "enter-outcome": {"value": "57,9", "seen": 0},
    "comparison": {"code": "0000", "choice": "add"},
    "imported-outcomes": {"answer": "no"},
    "fetched-outcomes": {"answer": "no"},
    "break-series": {"year": "2031", "kolada_id": "U07453", "note": "Nya frågor."},
    "begin-followup": {"year": "2021"},
    "followup-dates": {"due": "2031-01-31", "seen_opens": "", "seen_due": ""},
    "open-followup": {"seen": "planned"},
    "close-followup": {"seen": "open"},
    "publish-followup": {"corrects": "Ett namn är rättat.", "registry_number": "KS 2026/7"},
    "correct-followup": {"seen": "published", "reason": "Ett namn är fel."},
    "new-plan": {"title": "En ny plan", "document_type": "plan", "first_year": "2019"},
    "begin-draft": {"year": "2018"},
    "begin-correction": {"correction": "Ett namn är fel."},
    "carry-on": {"deed": "carry-on-all"},
    "carry-on-activity": {"decision": "ended", "reason": "Ingen kommer."},
    "carry-on-targets": {"like": "mal", "value": "75"},
    "draft-decision": {"decided_by": "Kommunfullmäktige"},
    "add-draft-row": {"term": "NKI", "explanation": "Nöjd-kund-index."},
    "draft-row": {"title": "En annan aktivitet"},
    "find-measure": {"name": "Nya företag"},
    "move-draft-row": {"way": "up"},
    "assign": {"activities": ["ingens-aktivitet"], "organisation": "vasteras"},
    "mfa_edit_webauthn": {"name": "Ett nytt namn"},
    "invite": {"email": "ny@example.se", "role": "reader"},
    "give-membership": {"role": "reader"},
    "change-invitation": {"change": "withdraw"},
    "draft-imported": {"answer": "no"},
    "plan-imported": {"answer": "no"},
    "table-imported": {"answer": "no"},
    "people-imported": {"answer": "no"},
}
"""By the address' name."""


def sent_to(name: str) -> dict[str, Any]:
    return {**TYPED, **SENT.get(name, {})}
