"""The web process."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("PODIUM_STATEMENT_SECONDS", "15")  # a page that takes longer is a 503

application = get_wsgi_application()
