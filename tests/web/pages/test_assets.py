"""The style sheet: from a list, cached for ever only under its own hash, and small."""

import re

from muster.web.pages import assets
from tests.web.pages.conftest import House


def test_only_the_right_hash_is_kept_for_ever(empty_house: House) -> None:
    client = empty_house.browser().client
    for name, media in assets.TYPES.items():
        answer = client.get(assets.address(name))
        assert answer.status_code == 200
        assert answer.headers["content-type"] == media
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert client.get(f"/static/{name}?v=0").headers["cache-control"] == "no-cache"
        assert client.get(f"/static/{name}").headers["cache-control"] == "no-cache"


def test_nothing_else_is_served(empty_house: House) -> None:
    client = empty_house.browser().client
    for name in ("../app.py", "..%2fapp.py", "%2e%2e/app.py", "style.css.map", ".", "STYLE.CSS", "a/b"):
        assert client.get(f"/static/{name}").status_code == 404, name


def test_the_style_sheet_is_small_calm_and_ours() -> None:
    text = assets.content("style.css").decode()
    assert len(text) <= 12_000
    assert "url(" not in text
    assert "@import" not in text
    for moving in ("animation", "transition", "blink"):
        assert moving not in text
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text


def _brightness(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    dark, bright = sorted((_brightness(one), _brightness(other)))
    return (bright + 0.05) / (dark + 0.05)


def test_words_stand_out_in_light_and_dark() -> None:
    text = assets.content("style.css").decode()
    schemes = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", part)) for part in text.split("@media", 2)[:2]]
    assert len(schemes) == 2
    for colours in schemes:
        for word in ("ink", "quiet", "mark", "link"):
            for ground in ("paper", "raised"):
                assert _contrast(colours[word], colours[ground]) >= 7, (word, ground)
        assert _contrast(colours["press"], colours["on-press"]) >= 7
        for edge in ("field", "focus"):
            assert _contrast(colours[edge], colours["paper"]) >= 3, edge
