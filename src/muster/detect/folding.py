"""Letter case taken out of text: Unicode's simple case folding, one character to one character.

Sigma values ignore case unless `cased` (Sigma specification 2.1.0, "String wildcard", "Case sensitivity"); which
letters are alike it leaves open. Here: what Unicode's CaseFolding.txt marks C and S. So a text never changes its
length, `?` stands for one character before and after, and where a letter stands in its word does not matter (both
small sigmas are one). Not alike are: ß and ss, İ and i, accented and plain letters, composed and decomposed ones.
"""


def fold(text: str) -> str:
    """The text with every letter replaced by the one that stands for all its cases; as long as before."""
    return text.lower() if text.isascii() else text.translate(_SIMPLE)


class _Simple(dict[int, str]):
    """Code point -> what it folds to, found out when it is first asked for."""

    def __missing__(self, point: int) -> str:
        character = chr(point)
        folded = character.casefold()
        if len(folded) != 1:  # several letters: there may be a simple folding beside the full one
            folded = character.lower()
        self[point] = folded if len(folded) == 1 else character
        return self[point]


_SIMPLE = _Simple()
