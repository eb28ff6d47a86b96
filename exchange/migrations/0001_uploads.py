"""Keep files that have been sent to be imported, while whoever sent them looks at what would happen."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Upload",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("purpose", models.CharField(max_length=40, verbose_name="syfte")),
                ("about", models.CharField(blank=True, max_length=200, verbose_name="läses in i")),
                ("name", models.CharField(max_length=200, verbose_name="filens namn")),
                ("content", models.BinaryField(verbose_name="innehåll")),
                ("asked", models.JSONField(blank=True, default=dict, verbose_name="val")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("reading", "Läses igenom"),
                            ("told", "Väntar på svar"),
                            ("saving", "Läses in"),
                            ("done", "Inläst"),
                            ("failed", "Gick inte"),
                        ],
                        default="reading",
                        max_length=10,
                        verbose_name="läge",
                    ),
                ),
                ("told", models.TextField(blank=True, verbose_name="vad som skulle hända")),
                ("problem", models.TextField(blank=True, verbose_name="varför det inte gick")),
                ("language", models.CharField(default="sv", max_length=10, verbose_name="språk")),
                (
                    "since",
                    models.DateTimeField(
                        db_index=True, default=django.utils.timezone.now, verbose_name="sedan"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="uploads",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="ägare",
                    ),
                ),
            ],
            options={
                "verbose_name": "fil på väg in",
                "verbose_name_plural": "filer på väg in",
                "ordering": ["-since"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stage__in", ("told", "saving", "done")), _negated=True),
                            models.Q(("told", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="an_import_is_told_of_before_it_is_done",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stage", "failed"), _negated=True),
                            models.Q(("problem", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="what_failed_says_why",
                    ),
                ],
            },
        ),
    ]
