"""The same servers and places as the tests of crashes use."""

from tests.crash.conftest import place, servers

__all__ = ["place", "servers"]
