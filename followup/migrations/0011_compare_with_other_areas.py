"""Areas that plans compare themselves with, and their values, which the database refuses to change."""

from functools import partial
from importlib import import_module

import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

MODELS = ("ComparedValue",)
triggers = import_module("followup.migrations.0002_refuse_to_change_numbered_rows")


class Migration(migrations.Migration):
    dependencies = [
        ("actionplan", "0005_fetch_from_kolada"),
        ("followup", "0010_fetch_from_kolada"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalComparedArea",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("code", models.CharField(max_length=10, verbose_name="kod i Kolada")),
                ("title", models.CharField(max_length=300, verbose_name="namn")),
                (
                    "kind",
                    models.CharField(
                        choices=[("K", "Kommun"), ("L", "Riket eller region"), ("G", "Grupp av kommuner")],
                        max_length=1,
                        verbose_name="slag",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="actionplan.plan",
                        verbose_name="plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical område att jämföra med",
                "verbose_name_plural": "historical områden att jämföra med",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="ComparedArea",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=10, verbose_name="kod i Kolada")),
                ("title", models.CharField(max_length=300, verbose_name="namn")),
                (
                    "kind",
                    models.CharField(
                        choices=[("K", "Kommun"), ("L", "Riket eller region"), ("G", "Grupp av kommuner")],
                        max_length=1,
                        verbose_name="slag",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="compared_areas",
                        to="actionplan.plan",
                        verbose_name="plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "område att jämföra med",
                "verbose_name_plural": "områden att jämföra med",
                "ordering": ["plan", "code"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("plan", "code"),
                        name="an_area_is_compared_with_once",
                        violation_error_message="Området är redan med i jämförelsen.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ComparedValue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="nummer")),
                (
                    "written_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="skrivet"),
                ),
                ("area", models.CharField(max_length=10, verbose_name="kod i Kolada")),
                ("year", models.PositiveSmallIntegerField(verbose_name="mätår")),
                (
                    "value",
                    models.DecimalField(
                        blank=True, decimal_places=8, max_digits=20, null=True, verbose_name="värde"
                    ),
                ),
                ("source_url", models.URLField(max_length=500, verbose_name="källans adress")),
                ("kolada_id", models.CharField(max_length=20, verbose_name="nyckeltal i Kolada")),
                ("kolada_title", models.CharField(max_length=300, verbose_name="nyckeltalets namn då")),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="skrivet av",
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="compared_values",
                        to="actionplan.indicator",
                        verbose_name="indikator",
                    ),
                ),
            ],
            options={
                "verbose_name": "värde att jämföra med",
                "verbose_name_plural": "värden att jämföra med",
                "ordering": ["indicator", "area", "year", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("indicator", "area", "year", "number"),
                        name="a_compared_value_is_never_overwritten",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="compared_values_are_numbered_from_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("author__isnull", True)),
                        name="a_compared_value_is_nobodys_but_the_sources",
                    ),
                ],
            },
        ),
        migrations.RunPython(
            partial(triggers.put_up, models=MODELS), partial(triggers.take_down, models=MODELS)
        ),
    ]
