"""A published ranking is the one that its ballots give (I7).

Where the ballots or the model are others by now (somebody withdrew, Podium was updated), that is no
damage; the command `reproduce_ranking` tells what it changes.
"""

from collections.abc import Iterator

from judging.awards.models import Publication
from judging.awards.reproduction import differences


def broken() -> Iterator[str]:
    for publication in Publication.objects.standing().select_related("event"):
        told = differences(publication)
        if not any(line.startswith(("ballots:", "model:")) for line in told):
            yield from (f"I7 the results of {publication.event}: {line}" for line in told)
