"""Let the database refuse to change what has been written of challenges and goals, as it does reports."""

from functools import partial
from importlib import import_module

from django.db import migrations

MODELS = ("ChallengeReview", "GoalAssessment")
triggers = import_module("followup.migrations.0002_refuse_to_change_numbered_rows")


class Migration(migrations.Migration):
    dependencies = [("followup", "0003_reviews_and_notices")]
    operations = [
        migrations.RunPython(
            partial(triggers.put_up, models=MODELS), partial(triggers.take_down, models=MODELS)
        )
    ]
