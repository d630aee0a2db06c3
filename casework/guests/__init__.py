"""Guests: somebody invited to one item of one meeting, for as long as it is taken up."""
