"""Markdown with front matter: YAML between two lines of `---`, then the text, which becomes the field `text`."""

from dataclasses import replace

from muster.plan.yaml_text import Flaw, Parsed, read_yaml

FENCE = "---"
MEND = "Begin the file with a line of `---`, then its fields, then a line of `---`, then the text."


def read_markdown(data: bytes) -> Parsed:
    """Fields and text of a Markdown file. Raises Flaw."""
    head, text, text_line = split(data)
    parsed = read_yaml(head, 2)
    if not isinstance(parsed.value, dict):
        raise Flaw(1, "The front matter holds no fields.", MEND)
    if "text" in parsed.value:
        raise Flaw(
            parsed.line(("text",)), "The field `text` is the text below.", "Move it below the second `---`."
        )
    return replace(
        parsed, value={**parsed.value, "text": text}, lines={**parsed.lines, (): 1, ("text",): text_line}
    )


def split(data: bytes) -> tuple[bytes, str, int]:
    """The front matter, the text, and the line on which the text begins. Raises Flaw."""
    lines = data.split(b"\n")
    fences = [number for number, line in enumerate(lines) if line.rstrip(b"\r ") == FENCE.encode()]
    if len(fences) < 2 or fences[0] != 0:
        raise Flaw(1, "The file has no front matter.", MEND)
    below = b"\n".join(lines[fences[1] + 1 :])
    line = fences[1] + 2
    try:
        text = below.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Flaw(
            line + below.count(b"\n", 0, error.start), "The file is not UTF-8 text.", "Save it as UTF-8."
        ) from None
    skipped = len(text) - len(text.lstrip("\n"))
    return b"\n".join(lines[1 : fences[1]]) + b"\n", text.strip("\n"), line + skipped
