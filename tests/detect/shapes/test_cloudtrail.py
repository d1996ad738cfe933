"""CloudTrail: leaves by dotted names, two objects as a whole, and the log source."""

import json

from muster.detect.shapes.shape import ShapeName
from tests.detect.shapes.field import fields
from tests.detect.yard import hits, on

EVENT = {
    "eventVersion": "1.08", "eventName": "StopLogging", "eventSource": "cloudtrail.amazonaws.com", "awsRegion": "x",
    "userIdentity": {"type": "Root", "sessionContext": {"attributes": {"mfaAuthenticated": "false"}}},
    "requestParameters": {"name": "trail", "containerDefinitions": [{"command": "a"}, {"command": "b"}]},
    "responseElements": None,
}  # fmt: skip


def test_the_fields_of_rules() -> None:
    found = fields(json.dumps(EVENT), ShapeName.CLOUDTRAIL)
    wanted = {
        "eventName": "StopLogging", "userIdentity.type": "Root", "requestParameters.name": "trail",
        "userIdentity.sessionContext.attributes.mfaAuthenticated": "false",
        "requestParameters.containerDefinitions.command": "a\nb",
        "requestParameters": '{"name":"trail","containerDefinitions":[{"command":"a"},{"command":"b"}]}',
        "logsource.product": "aws", "logsource.service": "cloudtrail", "logsource.category": "none",
    }  # fmt: skip
    assert wanted.items() <= found.items()
    assert "responseElements" not in found


def test_rules_for_other_things_do_not_meet_it() -> None:
    aws = on({"eventName": "StopLogging"}, source={"product": "aws", "service": "cloudtrail"})
    web = on({"keywords": ["StopLogging"]}, source={"category": "webserver"})
    azure = on({"eventName": "StopLogging"}, source={"product": "azure", "service": "activitylogs"})
    assert (hits(aws, [EVENT]), hits(web, [EVENT]), hits(azure, [EVENT])) == ([0], [], [])
