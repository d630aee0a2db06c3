"""The register of accounts: invite, give roles, end them. How people sign in: `accounts`."""
