"""The same site for an ASGI server; nothing in Podium needs one yet."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("PODIUM_STATEMENT_SECONDS", "15")  # a page that takes longer is a 503

application = get_asgi_application()
