"""Each lifecycle package names the libraries it may import; the standard library is held by `purity`."""

import ast
import sys
from collections.abc import Iterator, Mapping

from lints.house import PURE, Finding, House

ANYWHERE = frozenset({"pydantic", "pydantic_core", "typing_extensions", "annotated_types"})
ALLOWED: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(PURE, ANYWHERE),
    "record": ANYWHERE | {"cryptography", "orjson", "rfc8785"},
    "plan": ANYWHERE | {"ruamel", "yaml"},
    "prepare": ANYWHERE | {"pyarrow"},
    "detect": ANYWHERE
    | {"evtx", "hyperscan", "idna", "numpy", "orjson", "pyarrow", "sigma", "xxhash", "yaml"},
    "rehearse": ANYWHERE | {"orjson", "pyarrow"},
}
OURS = {"muster"}


def check(house: House) -> Iterator[Finding]:
    """Compare what is imported with the table."""
    for source in house.pure():
        for node in ast.walk(source.tree):
            modules: list[str] = []
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules = [node.module]
            for module in modules:
                top = module.split(".", maxsplit=1)[0]
                if top not in sys.stdlib_module_names | OURS | ALLOWED[source.package]:
                    yield source.says(
                        node, f"{source.package} may not import `{top}` (the table in lints/libraries.py)"
                    )
