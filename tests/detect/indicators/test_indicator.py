"""Stories of what an indicator is."""

from muster.detect.indicators.indicator import FILE_HASHES, KINDS, Indicator, Kind


def test_the_order_of_kinds_is_kept_since_indexes_on_disk_name_them_by_number() -> None:
    assert [kind.value for kind in KINDS] == [
        "ip", "network", "domain", "url", "mail", "md5", "sha1", "sha256", "sha512", "hashed",
    ]  # fmt: skip
    assert FILE_HASHES[64] is Kind.SHA256


def test_what_a_list_does_not_say_is_told_apart_from_nought() -> None:
    assert Indicator(Kind.IP, "192.0.2.7") != Indicator(Kind.IP, "192.0.2.7", confidence=0)
