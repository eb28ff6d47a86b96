"""Why a mail was dropped is kept as a word of our own, where it was a sentence."""

from django.db import migrations, models

WHY_NOT = {
    "closed_account": "Kontot är stängt.",
    "nothing_left": "Det fanns inget kvar att göra.",
    "other_stage": "Uppföljningen hade gått vidare.",
    "later_one": "Ett senare utskick säger hur det står.",
    "example": "Exempelinnehåll skickar ingen e-post.",
    "refused": "Mejlservern tar inte emot post till adressen.",
    "given_up": "Mejlservern svarade inte på två veckor.",
}


def to_words(apps, schema_editor):
    notices = apps.get_model("followup", "Notice").objects
    for word, sentence in WHY_NOT.items():
        notices.filter(dropped=sentence).update(dropped=word)


def to_sentences(apps, schema_editor):
    notices = apps.get_model("followup", "Notice").objects
    for word, sentence in WHY_NOT.items():
        notices.filter(dropped=word).update(dropped=sentence)


class Migration(migrations.Migration):
    dependencies = [("followup", "0007_when_a_mail_was_taken")]

    operations = [
        migrations.AlterField(
            model_name="notice",
            name="dropped",
            field=models.CharField(
                blank=True,
                choices=[*WHY_NOT.items()],
                help_text="Varför, när det inte längre behövdes.",
                max_length=200,
                verbose_name="skickades inte",
            ),
        ),
        migrations.RunPython(to_words, to_sentences),
    ]
