"""The routines as a book for one role: who does what, until when, and what happens next."""
