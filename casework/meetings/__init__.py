"""Meetings of local groups: agenda of individual and general items."""
