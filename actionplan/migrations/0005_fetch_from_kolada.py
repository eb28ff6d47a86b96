"""Let a series break name the KPI that the indicator is in Kolada from then on."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("actionplan", "0004_remember_tables")]
    operations = [
        migrations.AddField(
            name,
            "kolada_id",
            models.CharField("nyckeltal i Kolada från det året", max_length=20, blank=True, default=""),
            preserve_default=False,
        )
        for name in ("seriesbreak", "historicalseriesbreak")
    ]
