"""Programmes: the agreements under which organisations work together."""
