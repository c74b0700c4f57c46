"""How far a reading is: the step, and of how many columns it is done with."""

from collections.abc import Callable

STEPS = ("unpacking", "parsing", "typing", "profiling")
Tell = Callable[[str, int, int], None]


def silent(_step: str, _done: int, _columns: int) -> None:
    pass
