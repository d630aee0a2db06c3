"""Plans: goals and measures in versions that never change once adopted."""
