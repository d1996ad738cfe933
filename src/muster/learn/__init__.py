"""Learn: what the record of an incident tells afterwards; first of all, its times."""
