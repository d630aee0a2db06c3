"""Backups of an installation: made while it runs, proved, put back."""
