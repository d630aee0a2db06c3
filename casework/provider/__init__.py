"""Sign-in through an organisation's own directory (OpenID Connect); roles stay ours."""
