"""What all parts of the plan are made of: frozen models, ids, lines, texts, and when a part is looked at again."""

from datetime import date, timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400, pattern=r"^[^\n\r]+$")
]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40_000)]
Minutes = Annotated[int, Field(ge=1, le=60 * 24 * 366)]
Days = Annotated[int, Field(ge=1, le=3_660)]


class Part(BaseModel):
    """A piece of the plan. Frozen; what it does not know is refused, so that a typing error is found."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Reviewed(Part):
    """A part that somebody looks at again (SAMM O-IM 3-A, 3-B; SP 800-61 r3 ID.IM-04): by default once a year."""

    owner: Id
    reviewed_on: date
    review_within_days: Days = 365

    @property
    def review_due(self) -> date:
        """The last day on which the review is not overdue."""
        return self.reviewed_on + timedelta(days=self.review_within_days)
