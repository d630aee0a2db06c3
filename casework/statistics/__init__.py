"""Counts for managers and the federation; small ones are never shown of others."""
