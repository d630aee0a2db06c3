"""Reports: what does not work between organisations, and what was learned; never on a person."""
