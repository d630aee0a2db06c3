"""Accounts and roles from a spreadsheet: read, compared, shown, then written."""
