"""Accounts as those who appoint people see them: invite, give roles, end them."""
