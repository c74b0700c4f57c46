"""How much memory processes use, as Linux counts it."""

import os
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")


def of(pid: int) -> int:
    """Resident bytes; 0 for a process that has ended, and where there is no /proc."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except (OSError, ValueError, IndexError):
        return 0
