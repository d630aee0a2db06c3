"""Diagrams as process owners change them: drafts, checks, a second person's yes, use."""
