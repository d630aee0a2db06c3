"""Erasing a case for good: its key first, then every row that says anything of the person."""
