"""Releases: staged as a whole under the digest of their content, approved by a person, recorded in a ledger."""
