"""The web process."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("PODIUM_STATEMENT_SECONDS", "15")  # a page that takes longer is a 503

application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018 - imports all views, so that no visitor waits for it

# What is loaded now stays: the garbage collector need not look through it again and again. And
# pages leave thousands of objects behind that are no garbage yet, so it looks less often.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
