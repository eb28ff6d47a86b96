"""Serves the provider on a free port of this machine, and says on its first line where.

`python -m tests.openid FOLDER`: the database is made in FOLDER. Ends when it is told to, or when what started
it has gone.
"""

import os
import sys
import threading

import django
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application

from tests.openid.known import CLIENT, PASSWORD, PEOPLE, SECRET


class Quietly(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


def make_rows() -> None:
    from allauth.account.models import EmailAddress
    from allauth.idp.oidc.models import Client
    from django.contrib.auth.models import User

    for username, (first_name, last_name, email) in PEOPLE.items():
        user = User.objects.create_user(username, email, PASSWORD, first_name=first_name, last_name=last_name)
        if email:
            EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
    client = Client(id=CLIENT, name="Handlingsplaner", scopes="openid\nprofile\nemail", skip_consent=True)
    client.set_secret(SECRET)
    client.save()


def end_with_the_parent() -> None:
    sys.stdin.read()
    os._exit(0)


def main() -> None:
    os.environ |= {"OPENID_FOLDER": sys.argv[1], "DJANGO_SETTINGS_MODULE": "tests.openid.settings"}
    django.setup()
    call_command("migrate", verbosity=0)
    make_rows()
    server = ThreadedWSGIServer(("127.0.0.1", 0), Quietly)
    server.set_app(get_wsgi_application())
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    threading.Thread(target=end_with_the_parent, daemon=True).start()
    server.serve_forever()


main()
