"""Organisations, their units, local groups and who sits in them."""
