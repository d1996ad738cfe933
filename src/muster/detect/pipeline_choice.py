"""Which pipeline was chosen, by name or as text; what it does is in `pipeline`."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum


class PipelineName(StrEnum):
    """The pipelines that need no file."""

    SYSMON_WINDOWS = "sysmon-windows"
    SYSMON = "sysmon"
    WINDOWS = "windows"
    WINDOWS_AUDIT = "windows-audit"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class PipelineChoice:
    """A pipeline by name, or the YAML text of one (then `text` is set and `name` is not used).

    more: YAML texts of further ones, applied after it in their order.
    """

    name: PipelineName = PipelineName.SYSMON_WINDOWS
    text: bytes | None = None
    more: tuple[bytes, ...] = ()

    @property
    def mark(self) -> bytes:
        """Changes with everything that was chosen (a SHA-256)."""
        texts = (str(self.name).encode(), b"-" if self.text is None else self.text, *self.more)
        return hashlib.sha256(b"".join(hashlib.sha256(text).digest() for text in texts)).digest()


DEFAULT = PipelineChoice()
NONE = PipelineChoice(PipelineName.NONE)
