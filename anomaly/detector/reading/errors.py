"""How reading says no."""


class TableError(ValueError):
    """A table that cannot be read or scored. `code` is for programs, `str()` for people."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
