"""Let a draft hold a verdict whose reason isn't written yet: it is asked for when the review is sent in.

SQLite rebuilds the table and drops its trigger with it, so the trigger is taken down and put up again.
"""

from functools import partial
from importlib import import_module

from django.db import migrations

MODELS = ("GoalAssessment",)
triggers = import_module("followup.migrations.0002_refuse_to_change_numbered_rows")
put_up, take_down = (partial(each, models=MODELS) for each in (triggers.put_up, triggers.take_down))


class Migration(migrations.Migration):
    dependencies = [("followup", "0005_when_a_year_was_published")]
    operations = [
        migrations.RunPython(take_down, put_up),
        migrations.RemoveConstraint("goalassessment", "a_verdict_of_ones_own_tells_why"),
        migrations.RunPython(put_up, take_down),
    ]
