"""Participants whom statistics may know one by one, because they said yes to that alone."""
