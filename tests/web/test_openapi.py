"""The OpenAPI document: sound in itself, and true about refusals."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from muster.web.openapi import corrected, describe
from tests.app.stage import Stage, peopled

REFUSALS = {"400", "401", "403", "404", "409", "429", "503"}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    made = peopled(tmp_path_factory.mktemp("openapi"))
    yield made
    made.close()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_it_is_made_once_and_served_to_everybody(stage: Stage) -> None:
    assert describe(stage.app) is describe(stage.app)
    answer = stage.http.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json() == json.loads(json.dumps(describe(stage.app)))


def test_every_reference_leads_somewhere_and_every_name_is_used_once(stage: Stage) -> None:
    document = describe(stage.app)

    def references(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                yield node["$ref"]
            for value in node.values():
                yield from references(value)
        elif isinstance(node, list):
            for value in node:
                yield from references(value)

    for reference in references(document):
        assert reference.startswith("#/components/schemas/")
        assert reference.rpartition("/")[2] in document["components"]["schemas"], reference
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(names) == len(set(names))
    assert document["openapi"].startswith("3.1")


def test_every_path_parameter_is_described(stage: Stage) -> None:
    for path, _, operation in operations(describe(stage.app)):
        named = {part[1:-1] for part in path.split("/") if part.startswith("{")}
        told = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "path"}
        assert named == told, path


def test_every_route_tells_its_refusals_as_problem_documents(stage: Stage) -> None:
    for path, method, operation in operations(describe(stage.app)):
        responses = operation["responses"]
        assert set(responses) >= REFUSALS, f"{method} {path}"
        assert "422" not in responses
        for status in REFUSALS:
            (media,) = responses[status]["content"]
            assert media == "application/problem+json"
        assert operation["summary"].endswith(".")


def test_it_says_what_hits_and_downloads_hold(stage: Stage) -> None:
    paths = describe(stage.app)["paths"]
    hits = paths["/api/v1/hits"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    evidence = hits["properties"]["hits"]["items"]["properties"]["evidence"]
    assert set(evidence["anyOf"][0]["properties"]) == {"data", "events"}
    export = paths["/api/v1/incidents/{code}/export"]["get"]["responses"]["200"]["content"]
    assert set(export) == {"application/zip"}
    assert set(paths["/api/v1/events"]["post"]["requestBody"]["content"]) == {"application/x-ndjson"}


def test_who_reports_needs_no_account_and_all_others_do(stage: Stage) -> None:
    document = describe(stage.app)
    assert document["security"] == [{"token": []}]
    for _, _, operation in operations(document):
        assert ({} in operation.get("security", [])) == (operation["x-muster-verb"] == "report")


def test_an_empty_document_is_corrected_too() -> None:
    assert corrected({})["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


def test_the_page_of_the_api_is_ours_alone(stage: Stage) -> None:
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert stage.http.get(path).status_code == 404
    page = stage.http.get("/api")
    assert page.status_code == 200
    assert "<script" not in page.text
    assert not re.findall(r"""(?:src|href)=["']?(?:https?:)?//""", page.text)
