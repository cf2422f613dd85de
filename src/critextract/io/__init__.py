"""Readers and writers: every input form of the published contract, and records."""
