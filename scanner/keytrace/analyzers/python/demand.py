"""Why a policy may want a block: what is compared, built, sent in the open, or a literal under a name for secrets."""

from __future__ import annotations

from collections.abc import Iterator

from keytrace.analyzers.python.outline.facts import SETTING, Facts
from keytrace.analyzers.python.outline.words import URLISH
from keytrace.analyzers.python.program import Program

_LITERAL = "a literal"


def is_guess(program: Program, facts: Facts, words: list[str], tainted: set[str]) -> bool:
    """Tell whether these words of a comparison compare a secret with what somebody may have guessed."""
    vocabulary = program.vocabulary
    held = tainted.intersection(words)
    is_sure = (
        SETTING in held
        or not held.isdisjoint(vocabulary.sources)
        or any(not vocabulary.promises(word) for word in held)
    )
    return any(vocabulary.is_guess(one, is_sure=is_sure) for one in facts.comparisons if one.words is words)


def is_url(program: Program, facts: Facts, words: list[str]) -> bool:
    """Tell whether a text is built of a literal elsewhere that is the beginning of a URL."""
    return any(
        URLISH.search(text) for word in words if not word.endswith("()") for text in _values(program, word, facts)
    )


def offered(program: Program, facts: Facts) -> str:
    """Say whether a literal may be a credential under one of the names that it stands under."""
    might_be = program.vocabulary.literals.might_be
    if any(might_be(name, text, sdk=sdk) for name, text, sdk in facts.offers):
        return _LITERAL
    for name, word, sdk in facts.aliases:
        if any(might_be(name, text, sdk=sdk) for text in _values(program, word, facts)):
            return f"{_LITERAL} behind a name"
    return f"{_LITERAL} for a parameter" if given(program, facts) else ""


def given(program: Program, facts: Facts) -> set[str]:
    """Return the functions that are handed a literal which may be a credential under the name of the parameter."""
    might_be, parameters = program.vocabulary.literals.might_be, program.parameters
    return {
        function for function, place, text in facts.given
        if function in program.defined and any(might_be(name, text) for name in parameters(function, place))
    }  # fmt: skip


def _values(program: Program, word: str, facts: Facts) -> Iterator[str]:
    """Yield the literals that a word may be bound to, here or for the whole program."""
    yield from facts.values.get(word, ())
    for block in program.binders(word) if word not in facts.own and program.may_hold_literal(word) else ():
        known = program.facts(block)
        yield from known.values.get(word, ())
        if block.called == word:
            yield from (text for _, text, _ in known.offers)
