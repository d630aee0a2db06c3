"""Persons served: who they are, sealed with their case's key."""
