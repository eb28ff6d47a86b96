"""What the web server runs."""

import os

from django.core.wsgi import get_wsgi_application

from portal.uploads import whole_bodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

application = whole_bodies(get_wsgi_application())
