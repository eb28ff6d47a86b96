"""Index the words of what was decided, for the search: on PostgreSQL alone, which knows the language.

An index is used for exactly the expression that it was made with: portal.search.engines asks with the same.
"""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import migrations
from django.db.models.functions import Left

FIELDS = {
    "challenge": ("title", ["purpose", "strategy", "text"]),
    "goal": ("text", []),
    "activity": ("title", ["heading", "description", "expected_result", "responsible_text"]),
    "chapter": ("title", ["text"]),
    "term": ("term", ["explanation"]),
}
"""Of each table, what weighs most, and what less."""


LONGEST = 50_000
"""How many characters of a text are indexed: a row of too many words would be refused."""


def words_of(fields, weight):
    return SearchVector(*(Left(field, LONGEST) for field in fields), config="swedish", weight=weight)


def index_of(model, title, texts):
    words = words_of([title], "A")
    return GinIndex(words + words_of(texts, "B") if texts else words, name=f"{model}_words")


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for model, (title, texts) in FIELDS.items():
            schema_editor.add_index(apps.get_model("actionplan", model), index_of(model, title, texts))


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for model, (title, texts) in FIELDS.items():
            schema_editor.remove_index(apps.get_model("actionplan", model), index_of(model, title, texts))


class Migration(migrations.Migration):
    dependencies = [("actionplan", "0002_revise_in_drafts")]

    operations = [migrations.RunPython(add, remove)]
