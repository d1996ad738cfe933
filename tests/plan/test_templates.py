"""A template is filled by facts and by nothing else; what is missing is named."""

from hypothesis import given
from hypothesis import strategies as st

from muster.plan.templates import Template
from tests.plan.shop_plan import plan

INTERNAL = plan().pinned.templates["internal-first"]


def made(text: str, **more: object) -> Template:
    return Template.model_validate({**INTERNAL.model_dump(), "text": text, "facts": (), **more})


def test_places_are_read_in_order_each_once() -> None:
    assert made("{{ a }} {{b}} {{  a}} {{ }}").places == ("a", "b", "")
    assert made("{ {a} } {{{a}}} {{a\nb}}").places == ("a",)


def test_what_is_missing_is_named_and_stays_visible() -> None:
    filled = made("We know {{ what-happened }}, not {{ advice }}.", facts=("confirmed",)).fill(
        {"what-happened": "all", "advice": ""}
    )
    assert filled.text == "We know all, not {{ advice }}."
    assert filled.missing == ("confirmed", "advice")


def test_a_fact_is_never_read_as_a_template() -> None:
    filled = made("{{ a }}").fill({"a": "{{ b }}", "b": "secret"})
    assert filled.text == "{{ b }}"


def test_the_example_is_complete_when_every_place_has_its_fact() -> None:
    for template in plan().pinned.templates.values():
        facts = dict.fromkeys((*template.places, *template.facts), "known")
        filled = template.fill(facts)
        assert filled.missing == ()
        assert "{{" not in filled.text + filled.subject


@given(st.text(max_size=60))
def test_any_text_can_be_filled(text: str) -> None:
    template = INTERNAL.model_copy(update={"text": text})
    template.fill(dict.fromkeys(template.places, "x"))
