"""Steps for people: whose they are, their pages, and doing them."""
