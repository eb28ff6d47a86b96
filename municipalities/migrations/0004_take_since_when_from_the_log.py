from django.db import migrations
from django.db.models import F, Min, OuterRef, Subquery
from django.db.models.functions import Coalesce


def take_from_the_log(apps, schema_editor):
    """A membership that was given before it knew when has the day in its log."""
    log = apps.get_model("municipalities", "HistoricalMembership").objects.filter(id=OuterRef("pk"))
    given = log.order_by().values("id").annotate(first=Min("history_date")).values("first")
    apps.get_model("municipalities", "Membership").objects.update(since=Coalesce(Subquery(given), F("since")))


class Migration(migrations.Migration):
    dependencies = [
        ("municipalities", "0003_memberships_know_since_when_and_invitations_forget_addresses"),
    ]

    operations = [
        migrations.RunPython(take_from_the_log, migrations.RunPython.noop),
    ]
