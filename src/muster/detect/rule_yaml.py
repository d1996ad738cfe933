"""YAML of rule files: pySigma's loader (YAML 1.1, no objects, no key twice) without the parts that can be made to hang.

Merge keys (`<<`) multiply with each alias, and whole numbers in base 60 (`1:1:1:...`) take time that grows with the
square of their length. No public rule has either; a file that does is refused.
"""

from collections.abc import Iterator
from typing import Any

import yaml
from sigma.rule.base import SigmaYAMLLoader  # pyright: ignore[reportMissingTypeStubs] - it has no stub files

MAX_NUMBER = 100
"""Characters of a whole number."""


class _Loader(SigmaYAMLLoader):
    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        if any(key.tag == "tag:yaml.org,2002:merge" for key, _ in node.value):
            raise yaml.YAMLError("merge keys (<<) are not supported in rules")
        super().flatten_mapping(node)

    def construct_yaml_int(self, node: yaml.ScalarNode) -> int:
        if len(node.value) > MAX_NUMBER:
            raise yaml.YAMLError(f"a whole number of more than {MAX_NUMBER} characters")
        return super().construct_yaml_int(node)


_Loader.add_constructor("tag:yaml.org,2002:int", _Loader.construct_yaml_int)


def documents(text: str) -> Iterator[object]:
    """The documents of a YAML text, in order, without empty ones. Raises `yaml.YAMLError` and what pySigma raises."""
    loader: Any = _Loader(text)
    try:
        while loader.check_data():
            document: object = loader.get_data()
            if document is not None:
                yield document
    finally:
        loader.dispose()
