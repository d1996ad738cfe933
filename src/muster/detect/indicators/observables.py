"""Which fields of events hold what can be an indicator, and what a value of them is looked up as."""

import re
from collections.abc import Callable, Mapping

from muster.detect.indicators import normal_form, url_form

Keys = list[str]
_DOTTED = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}")
_PARTED = re.compile(r"[\s,;<>\"]+")


def of_address(value: str) -> Keys:
    """An address, as it stands in a field of addresses."""
    if _DOTTED.fullmatch(value):
        return [value]
    found = normal_form.address(value.strip())
    return [] if found is None else [found]


def of_host(value: str) -> Keys:
    """A name with all names above it that have a dot, or an address; a port behind it is left out."""
    text = value.strip()
    if not text.isascii():
        return _above(normal_form.name(text.partition(":")[0]) or "")
    if ":" in text:
        found = normal_form.address(text)
        if found is not None:
            return [found]
        if text.startswith("["):
            return of_address(text.partition("]")[0][1:])
        text = text.partition(":")[0]
    if _DOTTED.fullmatch(text):
        return [text]
    return _above(text.lower().rstrip("."))


def of_url(value: str) -> Keys:
    """A URL in its normal form, and its host."""
    host = url_form.plain_host(value)
    if host is not None:
        return [value, *_above(host)]
    found = normal_form.url(value.strip())
    return [] if found is None else [found, *of_host(url_form.host_in(found))]


def of_hashes(value: str) -> Keys:
    """File hashes: one, or several as Sysmon writes them (`SHA256=...,MD5=...`)."""
    return [
        found
        for part in value.split(",")
        if (found := normal_form.file_hash(part.rpartition("=")[2].strip()))
    ]


def of_mail(value: str) -> Keys:
    """Mail addresses (`Name <a@b.example>` too, several too), and the names of their hosts."""
    keys: Keys = []
    for part in _PARTED.split(value):
        if (found := normal_form.mail(part)) is not None:
            keys += [found, *_above(found.rpartition("@")[2])]
    return keys


def of_answers(value: str) -> Keys:
    """Addresses and names in what a name server answered (Sysmon: `type:  5 a.example;::ffff:192.0.2.1;`)."""
    return [key for part in _PARTED.split(value.replace("[", " ").replace("]", " ")) if "." in part or ":" in part
            for key in of_host(part)]  # fmt: skip


def _above(name: str) -> Keys:
    keys: Keys = []
    at = name.find(".")
    while at > 0:
        keys.append(name)
        name = name[at + 1 :]
        at = name.find(".")
    return keys


_FIELDS: Mapping[Callable[[str], Keys], tuple[str, ...]] = {
    of_address: (
        "DestinationIp", "SourceIp", "DestAddress", "SourceAddress", "IpAddress", "ClientAddress", "ClientIP",
        "src_ip", "dst_ip", "c-ip", "s-ip", "r-ip", "id.orig_h", "id.resp_h", "remote_addr", "client_ip",
        "source.ip", "destination.ip", "client.ip", "server.ip", "src_endpoint.ip", "dst_endpoint.ip",
        "dest_ip", "CallerIPAddress", "laddr", "addr",
    ),
    of_host: (
        "QueryName", "DestinationHostname", "SourceHostname", "query", "cs-host", "server_name", "host_header",
        "dns.question.name", "url.domain", "destination.domain", "source.domain", "http_request.url.hostname",
        "query.hostname", "dst_endpoint.hostname", "sourceIPAddress", "RemoteName", "WorkstationName",
        "client_addr", "RemoteHost", "r-dns",
    ),
    of_url: (
        "Url", "url", "URL", "c-uri", "cs-uri", "cs-referer", "url.full", "url.original", "DestinationUrl",
        "http_request.url.url_string", "request_uri", "http.request.referrer", "requestUrl", "referrer",
    ),
    of_hashes: (
        "Hashes", "Hash", "md5", "sha1", "sha256", "sha512", "MD5", "SHA1", "SHA256", "SHA512", "FileHash",
        "file.hash.md5", "file.hash.sha1", "file.hash.sha256", "file.hash.sha512", "process.hash.md5",
        "process.hash.sha1", "process.hash.sha256", "process.hash.sha512", "dll.hash.sha256", "dll.hash.md5",
    ),
    of_mail: (
        "mailfrom", "rcptto", "from", "to", "sender", "recipient", "SenderFromAddress", "RecipientEmailAddress",
        "SenderAddress", "RecipientAddress", "email.from.address", "email.to.address", "reply_to",
    ),
    of_answers: ("QueryResults", "answers", "answer", "dns.answers.data", "dns.resolved_ip"),
}  # fmt: skip
FIELDS: Mapping[str, Callable[[str], Keys]] = {
    name: read for read, names in _FIELDS.items() for name in names
}
"""Field -> what its values are looked up as. Fields are named exactly, as in rules."""
