"""A child for tests: says under which limits it runs and which variables it knows."""

import os
import sys

sys.stdout.write("\n".join(os.environ))
