"""Let a file be imported with no more rights than the session had in which it was sent."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0001_uploads"),
    ]

    operations = [
        migrations.AddField(
            model_name="upload",
            name="confined_to",
            field=models.CharField(blank=True, max_length=50, verbose_name="inloggad genom"),
        ),
    ]
