"""Written orders by which auditors read what is in cases: dated, shown, ended by themselves."""
