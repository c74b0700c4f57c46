"""The room's pages: writing, reading, organizing, the gallery."""
