"""Errors that a person can act on: what happened, where, and the next step.

MusterError
├── BadInput      the request or file is wrong                       400 / exit 2
├── Unsigned      nobody is signed in, or the token is unknown       401
├── Denied        access says no, and may say so                     403
├── NotFound      it does not exist, or must look as if it did not   404
├── Refused       a rule says no                                     409 / exit 1
│   └── Conflict  somebody replaced it first; both texts shown       409 / exit 1
├── TooMany       a quota is used up                                 429
├── Damaged       the record does not verify                         503 / exit 1
└── Unavailable   nothing can be written now; nothing was written    503
"""

from typing import ClassVar


class MusterError(Exception):
    """Base of all errors that Muster raises on purpose.

    what: what happened; where: the field, file, line or thing; mend: the next step for a person.
    None of the three repeats hostile input unescaped: they are shown as text.
    """

    status: ClassVar[int] = 500
    slug: ClassVar[str] = "error"
    title: ClassVar[str] = "This did not work"

    def __init__(self, what: str, where: str = "", mend: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.mend = mend

    def line(self) -> str:
        """One line for a terminal or a log: where, what, mend."""
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head} {self.mend}".strip()

    def __str__(self) -> str:
        return self.line()


class BadInput(MusterError):
    status = 400
    slug = "bad-input"
    title = "The input is not usable"


class Unsigned(MusterError):
    status = 401
    slug = "not-signed-in"
    title = "Nobody is signed in"


class Denied(MusterError):
    status = 403
    slug = "not-allowed"
    title = "Not allowed"


class NotFound(MusterError):
    status = 404
    slug = "not-found"
    title = "Not found"


class Refused(MusterError):
    status = 409
    slug = "refused"
    title = "A rule refused this"


class Conflict(Refused):
    """Two people replaced one thing; carries both texts."""

    slug = "replaced-meanwhile"
    title = "Somebody else changed this first"

    def __init__(self, what: str, where: str, mend: str, *, theirs: str, yours: str, version: int) -> None:
        super().__init__(what, where, mend)
        self.theirs = theirs
        self.yours = yours
        self.version = version


class TooMany(MusterError):
    status = 429
    slug = "too-many"
    title = "Too many requests"

    def __init__(self, what: str, where: str = "", mend: str = "", *, retry_after: int = 60) -> None:
        super().__init__(what, where, mend)
        self.retry_after = retry_after


class Damaged(MusterError):
    status = 503
    slug = "damaged"
    title = "The record does not verify"


class Unavailable(MusterError):
    status = 503
    slug = "unavailable"
    title = "Nothing can be written now"
