from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("followup", "0006_let_a_draft_lack_reasons"),
    ]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="taken_at",
            field=models.DateTimeField(
                blank=True,
                help_text="Medan det pågår; tomt före och efter.",
                null=True,
                verbose_name="börjat skickas",
            ),
        ),
    ]
