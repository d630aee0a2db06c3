"""The subject: people, consent, cases, access, audit and who works on them."""
