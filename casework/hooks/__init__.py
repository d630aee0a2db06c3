"""Webhooks: an organisation's own system hears that something has happened, by codes alone."""
