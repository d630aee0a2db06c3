"""Calendar feeds: somebody's due days and meetings for their own calendar, naming no person."""
