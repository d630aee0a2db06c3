"""Passkeys of accounts: added, named, removed; and signed in with."""
