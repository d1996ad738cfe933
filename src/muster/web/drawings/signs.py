"""Signs in a drawing: small shapes that are told apart without their colour, too."""

from enum import StrEnum

SIZE = 16


class Sign(StrEnum):
    """The shapes."""

    SQUARE = "square"
    DIAMOND = "diamond"
    CIRCLE = "circle"
    TRIANGLE = "triangle"
    BAR = "bar"
    RING = "ring"


def drawn(sign: Sign, x: int, y: int, style: str) -> str:
    """The shape around a point. style: a class of ours for its colour."""
    match sign:
        case Sign.SQUARE:
            return (
                f'<rect class="{style}" x="{x - 5}" y="{y - 5}" width="10" height="10" fill="currentColor"/>'
            )
        case Sign.CIRCLE:
            return f'<circle class="{style}" cx="{x}" cy="{y}" r="5.5" fill="currentColor"/>'
        case Sign.BAR:
            return (
                f'<rect class="{style}" x="{x - 7}" y="{y - 3}" width="14" height="6" fill="currentColor"/>'
            )
        case Sign.DIAMOND:
            points = f"{x},{y - 7} {x + 7},{y} {x},{y + 7} {x - 7},{y}"
            return f'<polygon class="{style}" points="{points}" fill="currentColor"/>'
        case Sign.TRIANGLE:
            points = f"{x},{y - 7} {x + 7},{y + 5} {x - 7},{y + 5}"
            return f'<polygon class="{style}" points="{points}" fill="currentColor"/>'
        case Sign.RING:
            # Its middle is paper, so that the line on which it lies does not run through it.
            return (
                f'<circle class="tl-paper" cx="{x}" cy="{y}" r="5.5" fill="none"/>'
                f'<circle class="{style}-line" cx="{x}" cy="{y}" r="5" fill="none" stroke="currentColor" stroke-width="2"/>'
            )


def key(sign: Sign, style: str) -> str:
    """The shape alone, to stand beside its meaning in a line of text."""
    return (
        f'<svg class="key" viewBox="0 0 {SIZE} {SIZE}" width="{SIZE}" height="{SIZE}" aria-hidden="true" '
        f'xmlns="http://www.w3.org/2000/svg">{drawn(sign, SIZE // 2, SIZE // 2, style)}</svg>'
    )
