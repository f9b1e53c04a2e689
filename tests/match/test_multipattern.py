"""Both indexes find the same, by themselves and in an engine with all rules."""

from __future__ import annotations

import random
import string
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keytrace.cache import store as cache
from keytrace.engine import Engine
from keytrace.findings import find
from keytrace.match import context as beside
from keytrace.match import database, multipattern
from keytrace.match.multipattern import AsNeeded, Beside, HyperscanIndex, Index, RegexIndex, Trigger, build_index
from keytrace.match.trigger import ends_of
from keytrace.model import FileProvenance, Finding, Rule
from keytrace.rules.load import builtin_folder, read_rule_file
from keytrace.text.document import Document

SAMPLES = [
    sample
    for file in sorted(builtin_folder().glob("*.toml"))
    for rule in read_rule_file(file).rules
    for sample in (*rule.examples, *rule.negative_examples)
]

TRIGGERS = (
    Trigger(r"acme_[a-z]{4}", ("acme_",)),
    Trigger(r"(?i)\bkey\b", ("key",)),
    Trigger(r"(?<!x)tok(?!en)", ("tok",)),  # look-around: by the prefilter mode
    Trigger(r"a[0-9]{3,200}b", ()),  # a long repeat: loosened
    Trigger(r"(['\"])q\1", ()),  # a backreference
    Trigger(r"é+", ()),
    Trigger(r"begin[^#]*end", ("begin", "end")),
    Trigger(r"x++y", ("xy",)),  # possessive
)


def both(data: bytes) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    fast, slow = HyperscanIndex(TRIGGERS).scan(data), RegexIndex(TRIGGERS).scan(data)
    return {number: list(ends) for number, ends in fast.items()}, {number: list(ends) for number, ends in slow.items()}


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("", {}),
        ("nothing", {}),
        ("acme_abcd acme_abc acme_wvut", {0: [9, 28]}),
        ("KEY keys my-key", {1: [3, 15]}),
        ("tok xtok token tok", {2: [3, 18]}),
        ("a12b a123b a" + "1" * 200 + "b a" + "1" * 201 + "b", {3: [10, 213]}),
        ("'q' \"q\" 'q\"", {4: [3, 7]}),
        ("é", {5: [2]}),
        ("begin\n\nend", {6: [10]}),
        ("xxy", {7: [3]}),
    ],
)
def test_hits(text: str, hits: dict[int, list[int]]) -> None:
    assert both(text.encode()) == (hits, hits)


PIECES = [
    "acme_", "abcd", "key", "KEY", " ", "tok", "en", "x", "y", "a", "123", "b", "'", '"', "q", "é", "begin", "end", "#",
    "\n", "\0", "\xff",
]  # fmt: skip


@settings(max_examples=200)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_both_find_the_same(text: str) -> None:
    fast, slow = both(text.encode("latin-1"))
    assert fast.keys() == slow.keys()
    for number, ends in fast.items():
        assert ends == sorted(set(ends))
        assert set(slow[number]) <= set(ends)


def test_without_hyperscan(monkeypatch: pytest.MonkeyPatch) -> None:
    build_index.cache_clear()
    monkeypatch.setitem(sys.modules, "hyperscan", None)
    index = build_index(TRIGGERS)
    build_index.cache_clear()
    assert isinstance(index, RegexIndex)
    assert index.scan(b"acme_abcd") == {0: [9]}


def test_the_fastest_is_taken() -> None:
    assert isinstance(build_index(TRIGGERS[:1]), AsNeeded)
    assert isinstance(build_index(TRIGGERS[:1], hyperscan=False), RegexIndex)
    assert isinstance(build_index(TRIGGERS[:1], known=TRIGGERS), Beside)
    assert isinstance(build_index(TRIGGERS, known=TRIGGERS), AsNeeded)


# --- a database where it is worth its time ----------------------------------------------------------------------------


def has_database(folder: Path) -> bool:
    return folder.is_dir() and any(file.name.startswith("patterns-") for file in folder.iterdir())


def test_a_little_text_needs_no_database(own_cache: Path) -> None:
    index = AsNeeded(TRIGGERS)
    assert index.scan(b"acme_abcd") == {0: [9]}
    assert not has_database(own_cache)
    index.prepare()
    assert index.scan(b"acme_abcd") == {0: [9]}
    assert has_database(own_cache)


def test_much_text_has_one_compiled(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multipattern, "_LITTLE", 25)
    index = AsNeeded(TRIGGERS)
    assert [index.scan(b"acme_abcd") for _ in range(2)] == [{0: [9]}] * 2
    assert not has_database(own_cache)
    assert index.scan(b"acme_abcd") == {0: [9]}
    assert has_database(own_cache)


def test_where_much_is_expected_it_is_not_waited_for(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multipattern, "_much", [])
    multipattern.expect_much()
    assert AsNeeded(TRIGGERS).scan(b"acme_abcd") == {0: [9]}
    assert has_database(own_cache)


def test_so_have_many_runs(own_cache: Path) -> None:
    for _ in range(multipattern._RUNS):
        assert AsNeeded(TRIGGERS).scan(b"acme_abcd") == {0: [9]}
        assert not has_database(own_cache)
    assert AsNeeded(TRIGGERS).scan(b"acme_abcd") == {0: [9]}
    assert has_database(own_cache)


def test_what_takes_too_long_is_left_to_the_database(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multipattern, "_PATIENCE", (0.05, 0.0))
    index = AsNeeded((Trigger(r"k(?:x|xx)+y", ("k",)),))
    assert index.scan(b"k" + b"x" * 80 + b"z") == {}
    assert has_database(own_cache)


@pytest.mark.parametrize("hyperscan", [True, False])
def test_some_of_known_triggers_and_others(hyperscan: bool) -> None:
    wanted = (Trigger("zebra", ("zebra",)), TRIGGERS[1], TRIGGERS[0], TRIGGERS[1])
    index: Index = build_index(wanted, hyperscan=hyperscan, known=TRIGGERS)
    assert index.scan(b"acme_abcd key zebra tok") == {0: [19], 1: [13], 2: [9], 3: [13]}
    index.prepare()
    assert index.scan(b"acme_abcd key zebra tok") == {0: [19], 1: [13], 2: [9], 3: [13]}


def test_others_compile_alone(own_cache: Path) -> None:
    build_index.cache_clear()
    build_index(TRIGGERS).prepare()
    (known,) = (file.name for file in own_cache.iterdir())
    assert cache.complaints() == []
    build_index((Trigger("zebra"), *TRIGGERS[2:]), known=TRIGGERS).prepare()
    assert known in {file.name for file in own_cache.iterdir()}
    assert len(list(own_cache.iterdir())) == 2
    build_index.cache_clear()


def test_no_trigger() -> None:
    assert HyperscanIndex(()).scan(b"acme_abcd") == {}


# --- all rules --------------------------------------------------------------------------------------------------------


def compare(engine: Engine, fallback: Engine, text: str, path: str = "sample.txt") -> list[Finding]:
    document = Document(FileProvenance(path), text.encode("utf-8", "surrogatepass"))
    found = find(engine, document, [])
    assert found == find(fallback, document, [])
    return found


def test_all_samples(engine: Engine, fallback: Engine) -> None:
    for first in range(0, len(SAMPLES), 24):  # the fallback costs the same for one as for a few
        compare(engine, fallback, "\n\n".join(SAMPLES[first : first + 24]))
    some = SAMPLES[::5]  # in one text: of all of them, the fallback takes as long as of all groups together
    assert len(compare(engine, fallback, "\n".join(some))) > len(some) / 4


def test_each_end_of_a_match_counts(engine: Engine, fallback: Engine) -> None:
    """What ends like a name may be a value, or reach to what the next line holds."""
    lines = (
        "x-portkey-api-key: iShS[cut]r8ut7xLMzwo8mlNK6pJ3jb4=",
        "KEY=phx_[cut]hkCEsA63Beby7BIktgYKCAic8qWA9Cdp",
    )
    compare(engine, fallback, "\n".join(lines).replace("[cut]", ""))
    trigger = Trigger(r"key(?:[:=]\s*)?[a-z=\n]{2,5}", ("key",), overlapping=True)
    assert HyperscanIndex([trigger]).scan(b"key=a=\nb") == RegexIndex([trigger]).scan(b"key=a=\nb") == {0: [5, 6, 7, 8]}


def test_samples_far_apart(engine: Engine, fallback: Engine) -> None:
    """Farther than the longest match, on one line, in noise."""
    noise = random.Random(5)
    text = ""
    for sample in noise.sample(SAMPLES, 12):
        text += "".join(noise.choices(string.ascii_letters + string.digits + " =:\"'/_-", k=20_000)) + f" {sample} "
    assert compare(engine, fallback, text)
    assert compare(engine, fallback, text, "app.min.js")


@settings(max_examples=100, derandomize=True)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(SAMPLES),
            st.sampled_from(SAMPLES).map(lambda sample: sample[len(sample) // 4 :]),
            st.text(max_size=20),
            st.sampled_from(["\n", " ", '"', "'", "=", ": ", "\\n", "é", "-", "_", "x"]),
        ),
        max_size=12,
    ).map("".join),
    st.sampled_from(["sample.txt", "app.py", ".env"]),
)
def test_samples_in_noise(engine: Engine, fallback: Engine, text: str, path: str) -> None:
    compare(engine, fallback, text, path)


@settings(max_examples=100, derandomize=True)
@given(st.sampled_from(SAMPLES), st.data())
def test_changed_samples(engine: Engine, fallback: Engine, sample: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(sample)))
    compare(engine, fallback, sample[:place] + data.draw(st.characters()) + sample[place + data.draw(st.booleans()) :])


def test_many_names_before_a_repeat() -> None:
    """Hyperscan alone misses this one, 600 bytes into a document."""
    names = "fb[ _.-]?client[ _.-]?secret|fb[ _.-]?secret|social[ _.-]?auth[ _.-]?facebook[ _.-]?secret"
    triggers = (Trigger(rf"(?i:{names})[\w.-]{{0,40}}=", ("secret",)),)
    data = b"x" * 600 + b"fbsecret="
    assert HyperscanIndex(triggers).scan(data) == RegexIndex(triggers).scan(data) == {0: [609]}


def test_hyperscan_refuses_none_of_our_triggers(engine: Engine) -> None:
    """With one that it refuses, each is compiled by itself to find out, and that one is searched for in all text."""
    assert isinstance(engine._index, AsNeeded)
    assert engine._index._fast is not None
    refused = engine._index._fast._refused
    assert [engine._layout.triggers[number].regex for number in refused] == []


def test_what_only_some_files_hold_is_looked_for_in_them_alone() -> None:
    triggers = (Trigger(r"\S{1,200}:(?=\S)", (":",), path=r"\.secrets$"), Trigger("b", ("b",)))
    for index in HyperscanIndex(triggers), RegexIndex(triggers), Beside(triggers, triggers[:1], hyperscan=True):
        assert index.scan(b"a:b", "ipsec.secrets") == {0: [2], 1: [3]}
        assert index.scan(b"a:b", "secrets.py") == {1: [3]}


def test_text_is_seldom_searched_again_in_vain(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """What Hyperscan takes approximately is looked for again; where such a trigger fires on any text, that costs more
    than all the others together.
    """
    vain: list[str] = []

    def count(trigger: Trigger, data: bytes) -> list[int]:
        if not (ends := ends_of(trigger, data)):
            vain.append(trigger.regex)
        return ends

    monkeypatch.setattr(database, "ends_of", count)
    folders = [builtin_folder().with_name(name) for name in ("scanner", "rules", "tests")]
    paths = [path for folder in folders for path in folder.rglob("*") if path.suffix in {".py", ".md", ".toml"}]
    for path in paths:
        engine._index.scan(path.read_bytes(), str(path))
    assert len(paths) > 500
    assert len(vain) < len(paths) / 20, sorted(vain)


def test_every_name_of_every_rule_in_a_long_document(engine: Engine) -> None:
    missed = []
    for rule in engine.ruleset.rules:
        sample = next((found for text in rule.examples if (found := _value(engine, rule, text))), "")
        for name in rule.near if sample and not rule.needs else ():
            finder = beside.Near((name,), rule.regex)
            for form in (f'{name}="{sample}"', f'"{name.upper()}": "{sample}"', f"{name.replace('_', '')}={sample}"):
                document = Document(FileProvenance("a.txt"), ("x\n" * 300 + form + "\n").encode())
                found_by = {match.rule_id for match in engine.candidates(document)}
                if (
                    rule.id not in found_by
                    and any(finder.find(document.data, 0, len(document.data)))
                    and not rule.needs
                ):
                    missed.append((rule.id, name))
    assert missed == []


def _value(engine: Engine, rule: Rule, text: str) -> str:
    """Return what a rule that goes by names finds in a sample of its own."""
    if not rule.near:
        return ""
    data = text.encode()
    matches = engine.candidates(Document(FileProvenance("a.txt"), data))
    own = (data[match.start : match.end] for match in matches if match.rule_id == rule.id and not match.hidden)
    return next(own, b"").decode()


def test_threads_do_not_share_working_memory() -> None:
    index = HyperscanIndex(TRIGGERS)
    data = b"acme_abcd " * 20_000
    with ThreadPoolExecutor(4) as pool:
        assert {len(hits[0]) for hits in pool.map(index.scan, [data] * 40)} == {20_000}


@pytest.mark.parametrize("kind", [HyperscanIndex, RegexIndex])
def test_a_regex_that_never_ends_is_stopped(
    kind: type[HyperscanIndex | RegexIndex], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("keytrace.match.patterns.MATCH_TIMEOUT", 0.2)
    index = kind((Trigger(r"k(?:x|xx)+y(?!z)", ("k",)),))
    with pytest.raises(TimeoutError):
        index.scan(b"k" + b"x" * 60 + b"zyz" + b"k" + b"x" * 60 + b"yz")


def test_a_trigger_fires_at_its_paths_only() -> None:
    triggers = (Trigger("acme", ("acme",), path=r"\.env$"), Trigger("acme(?=d)", path="x"), Trigger("acme", ("acme",)))
    known = build_index((*triggers[1:], Trigger("zebra")), known=triggers)
    known.prepare()
    for index in (HyperscanIndex(triggers), RegexIndex(triggers)):
        assert index.scan(b"acme acmed", "a/.env") == {0: [4, 9], 2: [4, 9]}
        assert index.scan(b"acme acmed", "x.txt") == {1: [9], 2: [4, 9]}
        assert index.scan(b"acme acmed") == {2: [4, 9]}
    assert known.scan(b"acme acmed", "x.txt") == {0: [9], 1: [4, 9]}
