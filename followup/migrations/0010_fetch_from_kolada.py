"""Let an outcome name the KPI that it was fetched as, and its title at that time.

SQLite rebuilds the table and drops its trigger with it, so the trigger is taken down and put up again.
"""

from functools import partial
from importlib import import_module

from django.db import migrations, models
from django.db.models import Q

MODELS = ("Outcome",)
triggers = import_module("followup.migrations.0002_refuse_to_change_numbered_rows")
put_up, take_down = (partial(each, models=MODELS) for each in (triggers.put_up, triggers.take_down))

REASONS = [
    ("not_measured", "Inte mätt"),
    ("too_few_answers", "För få svar"),
    ("not_reported", "Inte lämnat"),
    ("not_applicable", "Inte tillämpligt"),
    ("not_yet_published", "Inte publicerat än"),
    ("withdrawn", "Borttaget ur källan"),
]


class Migration(migrations.Migration):
    dependencies = [("followup", "0009_index_words")]
    operations = [
        migrations.RunPython(take_down, put_up),
        migrations.AddField(
            "outcome",
            "kolada_id",
            models.CharField("nyckeltal i Kolada", max_length=20, blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            "outcome",
            "kolada_title",
            models.CharField("nyckeltalets namn då", max_length=300, blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AlterField(
            "outcome",
            "missing_reason",
            models.CharField("varför värdet saknas", max_length=20, choices=REASONS, blank=True),
        ),
        migrations.AddConstraint(
            "outcome",
            models.CheckConstraint(
                condition=Q(kolada_id="", kolada_title="")
                | (~Q(kolada_id="") & ~Q(kolada_title="") & Q(author__isnull=True)),
                name="what_was_fetched_names_its_kpi_and_nobody",
            ),
        ),
        migrations.RunPython(put_up, take_down),
    ]
