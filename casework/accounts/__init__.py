"""Accounts: who may sign in, for which organisations and roles, and until when."""
