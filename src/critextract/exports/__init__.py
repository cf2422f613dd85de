"""Rules in other languages, one pure function each."""
