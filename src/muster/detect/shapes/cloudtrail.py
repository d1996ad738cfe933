"""AWS CloudTrail records: dotted names, with the whole of requestParameters and responseElements as well.

Rules name both the leaves (`userIdentity.type`) and these two objects, in which they look for a text.
"""

from muster.detect.json_line import Event
from muster.detect.shapes.shape import Shape, ShapeName
from muster.detect.shapes.values import Pairs, flatten, source, text

_WHOLE = ("requestParameters", "responseElements", "additionalEventData")


def claims(event: Event) -> bool:
    return (
        "eventName" in event and "eventSource" in event and ("awsRegion" in event or "eventVersion" in event)
    )


def normalise(event: Event) -> Pairs:
    whole = [(name, text(event[name])) for name in _WHOLE if isinstance(event.get(name), dict)]
    return flatten(event) + whole + source("aws", "cloudtrail")


SHAPE = Shape(ShapeName.CLOUDTRAIL, claims, normalise)
