"""Who has looked at a case: for the person, in plain words; and the organisations' log check."""
