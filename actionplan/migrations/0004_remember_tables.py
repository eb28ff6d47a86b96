"""Remember how tables from elsewhere are read into a plan."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("actionplan", "0003_index_words"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="KnownTable",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fingerprint", models.CharField(max_length=64, verbose_name="rubrikernas kontrollsumma")),
                ("choices", models.JSONField(default=dict, verbose_name="val")),
                ("chosen_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="valt")),
                (
                    "chosen_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="valt av",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="known_tables",
                        to="actionplan.plan",
                        verbose_name="plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "tabell som känns igen",
                "verbose_name_plural": "tabeller som känns igen",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("plan", "fingerprint"),
                        name="a_plan_knows_a_table_once",
                        violation_error_message="Planen känner redan igen en tabell med de rubrikerna.",
                    )
                ],
            },
        ),
    ]
