"""Stories of how a found indicator is told: defanged, one line, grouped by its value."""

from muster.core.labels import Tlp
from muster.detect.indicators import index
from muster.detect.indicators.indicator import Indicator, Kind
from muster.detect.indicators.life import Life, Standing
from muster.detect.indicators.reporting import told
from muster.detect.indicators.seeking import Feed, Found
from muster.detect.rule import Level


def found(one: Indicator, score: int = 50, name: str = "f", source: str = "") -> Found:
    return Found(
        Feed(name, index.build([one]), source), one, Standing(Life.ACTIVE, score), (0,), ("Url",), one.value
    )


def test_it_is_told_defanged_with_its_label_its_score_and_who_said_it() -> None:
    one = Indicator(Kind.URL, "http://evil.example/a", tlp=Tlp.RED, label="Gate")
    said = told(found(one, 85, source="Partner"))
    assert said.title == "Indicator hxxp://evil[.]example/a (TLP:RED, score 85): Gate"
    assert (said.key, said.author, said.level) == (
        "indicator:url:http://evil.example/a",
        "Partner",
        Level.HIGH,
    )


def test_the_level_follows_the_score() -> None:
    one = Indicator(Kind.DOMAIN, "evil.example")
    assert [told(found(one, score)).level for score in (79, 50, 49)] == [
        Level.MEDIUM,
        Level.MEDIUM,
        Level.LOW,
    ]


def test_whatever_its_length_it_is_one_line_and_two_values_have_two_keys() -> None:
    long = [Indicator(Kind.URL, f"http://evil.example/{'x' * 500}{end}", label="y" * 200) for end in "ab"]
    said = [told(found(one)) for one in long]
    assert all(len(text) <= 200 for one in said for text in (one.key, one.title, one.author))
    assert said[0].key != said[1].key
