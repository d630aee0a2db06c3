"""Consent: what a person allows which organisations to share, for what and until when."""
