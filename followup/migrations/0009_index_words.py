"""Index the words of what was said, for the search: on PostgreSQL alone, which knows the language.

An index is used for exactly the expression that it was made with: portal.search.engines asks with the same.
"""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import migrations
from django.db.models.functions import Left

FIELDS = {
    "statusreport": ["comment", "result", "reason", "action"],
    "challengereview": ["purpose", "deviations", "proposals"],
    "goalassessment": ["reason", "action", "no_action"],
}


LONGEST = 50_000
"""How many characters of a text are indexed: a row of too many words would be refused."""


def index_of(model, texts):
    words = SearchVector(*(Left(field, LONGEST) for field in texts), config="swedish", weight="B")
    return GinIndex(words, name=f"{model}_words")


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for model, texts in FIELDS.items():
            schema_editor.add_index(apps.get_model("followup", model), index_of(model, texts))


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for model, texts in FIELDS.items():
            schema_editor.remove_index(apps.get_model("followup", model), index_of(model, texts))


class Migration(migrations.Migration):
    dependencies = [("followup", "0008_why_a_mail_was_dropped")]

    operations = [migrations.RunPython(add, remove)]
