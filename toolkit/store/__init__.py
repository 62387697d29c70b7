"""The only SQL: append-only tables, one journal entry per write, bulk reads into frames."""
