"""Access: who may do and see what, as one pure function and the same rule as data; the accounts themselves."""
