"""A drawing goes into a page as it is; anything else is escaped."""

from jinja2 import Environment, select_autoescape

from muster.web.drawings.over_time import over_time
from muster.web.drawings.picture import picture

PAGE = Environment(autoescape=select_autoescape(default=True)).from_string("<p>{{ it }}</p>")


def test_a_drawing_is_a_part_of_the_page_and_a_plain_text_is_not() -> None:
    svg = over_time({"20261124T02": 3}, "hits")
    assert svg.startswith("<svg")
    assert PAGE.render(it=picture(svg)) == f"<p>{svg}</p>"
    assert "&lt;svg" in PAGE.render(it=svg)
