"""SQLite as Django has it, except that triggers survive a table that a migration makes anew."""
