"""Linux audit records, a line each, as auditd writes them and as collectors pass them on.

`type=EXECVE msg=audit(1364481363.243:24287): argc=2 a0="id" a1=2D61`: fields by their own names, texts that the
kernel wrote in hexadecimal decoded, the fields within `msg='...'` beside the others. SYSCALL names the call where the
record has only its number (x86-64 and arm64). Told as linux, auditd; an EXECVE record also as process_creation, with
its arguments joined as CommandLine. Records of one call are not joined: each is an event.
"""

import re

from muster.detect.flaw import MAX_FIELDS, Flaw, Flawed
from muster.detect.shapes.shape import LineShape, ShapeName
from muster.detect.shapes.values import NO_CATEGORY, Pairs, source

_HEAD = re.compile(
    r"(?:node=(\S{1,255}) )?type=([A-Z0-9_]{2,64}) (?:msg=)?audit\(([0-9]{1,12}\.[0-9]{1,9}):([0-9]{1,20})\):\s?"
)
_FIELD = re.compile(r"""(?<![\w.\[\]-])([A-Za-z_][\w.\[\]-]{0,63})=(?:"([^"]*)"|'([^']*)'|([^\s'"]*))""")
_HEXADECIMAL = re.compile(r"(?:[0-9A-F]{2})+")
_ENCODED = re.compile(
    r"a[0-9]{1,4}(?:\[[0-9]{1,4}\])?|proctitle|exe|comm|name|cwd|cmd|data|acct|path|key|dir|watch"
)
_CALLS = {
    "c000003e": {
        "41": "socket", "42": "connect", "56": "clone", "57": "fork", "59": "execve", "62": "kill", "87": "unlink",
        "90": "chmod", "92": "chown", "99": "sysinfo", "101": "ptrace", "103": "syslog", "105": "setuid",
        "133": "mknod", "135": "personality", "165": "mount", "175": "init_module", "176": "delete_module",
        "257": "openat", "263": "unlinkat", "313": "finit_module", "319": "memfd_create", "321": "bpf",
        "322": "execveat",
    },
    "c00000b7": {
        "33": "mknodat", "92": "personality", "105": "init_module", "106": "delete_module", "116": "syslog",
        "117": "ptrace", "146": "setuid", "179": "sysinfo", "198": "socket", "203": "connect", "220": "clone",
        "221": "execve", "273": "finit_module", "279": "memfd_create", "280": "bpf", "281": "execveat",
    },
}  # fmt: skip
_LONGEST_COMMAND = 1_024
_NUMBERS = frozenset(
    {"argc", "pid", "ppid", "uid", "auid", "items", "ses", "exit", "success", "a0", "a1", "a2", "a3"}
)


def read(line: str) -> Pairs | None:
    """The fields of a record; None when the line is none."""
    head = _HEAD.match(line)
    if head is None:
        return None
    node, kind, time, serial = head.groups()
    pairs = [("type", kind), ("timestamp", time), ("audit_id", serial)]
    if node:
        pairs.append(("node", node))
    is_call = kind == "SYSCALL"
    _add(pairs, line, head.end(), is_call=is_call)
    fields = dict(pairs)
    if is_call and "SYSCALL" not in fields:
        call = _CALLS.get(fields.get("arch", ""), {}).get(fields.get("syscall", ""))
        pairs += [("SYSCALL", call)] if call else []
    if kind != "EXECVE":
        return pairs + source("linux", "auditd", NO_CATEGORY)
    arguments = [fields[name] for at in range(_LONGEST_COMMAND) if (name := f"a{at}") in fields]
    pairs.append(("CommandLine", " ".join(arguments)))
    if arguments and arguments[0].startswith("/"):
        pairs.append(("Image", arguments[0]))
    return pairs + source("linux", "auditd", "process_creation")


def _add(pairs: Pairs, text: str, start: int, *, is_call: bool) -> None:
    for found in _FIELD.finditer(text, start):
        name, quoted, nested, bare = found.groups()
        if nested is not None and "=" in nested:
            _add(pairs, nested, 0, is_call=is_call)
        elif (whole := quoted if quoted is not None else nested) is not None:
            pairs.append((name, whole))
        elif bare and bare not in ("(null)", "(none)", "?"):
            numeric = is_call and name in _NUMBERS
            pairs.append((name, bare if numeric else _decoded(name, bare)))
        if len(pairs) > MAX_FIELDS:
            raise Flawed(Flaw.FIELDS)


def _decoded(name: str, value: str) -> str:
    """A text with blanks or quotes in it is written in hexadecimal by the kernel, parts of it parted by NUL."""
    if len(value) < 4 or not _ENCODED.fullmatch(name) or not _HEXADECIMAL.fullmatch(value):
        return value
    return bytes.fromhex(value).decode("utf-8", "replace").rstrip("\0").replace("\0", " ")


LINE = LineShape(ShapeName.LINUX_AUDIT, read)
