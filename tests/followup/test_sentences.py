"""What is said first of a plan and its year."""

from types import SimpleNamespace
from typing import Any

import pytest

from followup.models import Verdict
from followup.reports.sentences import goals_met

MET, PARTLY_MET, NOT_MET, CANNOT = Verdict


@pytest.mark.parametrize(
    ("verdicts", "sentence"),
    [
        ([], ""),
        ([MET], "Målet är uppnått."),
        ([PARTLY_MET], "Målet är delvis uppnått."),
        ([NOT_MET], "Målet är inte uppnått."),
        ([CANNOT], "Målet kan inte bedömas."),
        ([MET, NOT_MET, PARTLY_MET], "Ett av tre mål är uppnått."),
        ([MET, MET, CANNOT], "Två av tre mål är uppnådda. Ett kan inte bedömas."),
        ([NOT_MET, NOT_MET], "Inget av två mål är uppnått."),
        ([CANNOT, CANNOT, CANNOT], "Inget av tre mål är uppnått. Tre kan inte bedömas."),
    ],
)
def test_a_goal_that_cannot_be_judged_is_not_told_as_missed(verdicts, sentence):
    goals: list[Any] = [SimpleNamespace(verdict=str(verdict)) for verdict in verdicts]

    said = goals_met(goals)

    assert str(said).replace("<b>", "").replace("</b>", "") == sentence
