"""What every part stands on: transaction, clock, errors, settings, languages, jobs, keys."""
