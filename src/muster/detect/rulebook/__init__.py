"""Rules as plan data: what is wrong with a rule before it is approved, and the events it must and must not match."""
