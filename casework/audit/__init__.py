"""What happened, by whom, in a chain nobody can change unseen; and who looked."""
