"""Who sits in the local groups for each organisation: appointed, told, followed by others."""
