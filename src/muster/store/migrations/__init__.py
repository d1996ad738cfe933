"""Schema migrations, run by `muster.store.migrate`."""
