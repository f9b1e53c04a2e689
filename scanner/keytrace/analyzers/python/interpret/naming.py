"""What a call gives to names: keywords, setters, options with defaults, parameters that are known to take a secret."""

from __future__ import annotations

import itertools

import libcst as cst

from keytrace.analyzers.python.interpret.assigning import PAIRS
from keytrace.analyzers.python.interpret.lookups import source_of
from keytrace.analyzers.python.interpret.operators import compared
from keytrace.analyzers.python.interpret.site import Argument, Site, is_setting
from keytrace.analyzers.python.interpret.state import State
from keytrace.analyzers.python.interpret.values import NOTHING
from keytrace.names.lexicon import words

_SETTERS = frozenset(
    "setattr setdefault set option options put putheader add_header setenv putenv header send_header add_config "
    "set_config conf config setproperty set_property set_option setitem __setitem__ set_value set_secret "
    "set_default configure".split()
)
_SET = frozenset("set with use add configure".split())
_DEFAULTS = frozenset("add_argument add_option option argument Option Argument StrOpt define".split())
_SCHEMES = frozenset(("environ.Env", "environ.FileAwareEnv"))  # of which the keywords are settings: (type, default)
_FIELDS = frozenset(("Field", "field"))
_EQUAL = frozenset(("operator.eq", "operator.ne"))
_VAGUE = frozenset(("key", "seed"))  # parameters that take a secret and are not called so


def tell(state: State, site: Site) -> None:
    """Tell of the values that a call gives to names."""
    for argument in site.arguments:
        if argument.keyword:
            state.bound(argument.keyword, argument.value, "assign", argument.node)
            _pair(state, site, argument)
    _known_parameters(state, site)
    positional, method = site.positional, site.method
    if method in _SETTERS:
        for first, second in itertools.pairwise(positional):
            name = first.value.const
            if isinstance(name, str) and 2 < len(name) < 80 and not (second.value.text or "").startswith("--"):
                state.bound(name, second.value, "pair", second.node)
    if len(positional) == 1 and (parts := words(method))[:1] and parts[0] in _SET and len(parts) > 1:
        state.bound("_".join(parts[1:]), positional[0].value, "call", positional[0].node)
    _comparison(state, site)
    _defaults(state, site)


def _pair(state: State, site: Site, argument: Argument) -> None:
    """Look at auth=("alice", "…"), and at environ.Env(SECRET_KEY=(str, "…"))."""
    items = argument.value.items or {}
    if argument.keyword in PAIRS and len(items) == 2:
        state.bound("password", items.get(1, NOTHING), "call", argument.node, sdk=True)
    if site.ref in _SCHEMES:
        state.bound(argument.keyword, items.get(1, NOTHING), "fallback", argument.node)


def _known_parameters(state: State, site: Site) -> None:
    """Look at the parameters of SDKs that take a secret."""
    for parameters in state.knowledge.sdk.find(site.ref, site.written):
        for parameter in parameters.secrets:
            argument = site.parameter(parameter)
            if argument is None:
                continue
            name, value = parameter.name, argument.value
            if parameters.pair:
                name, value = "password", (value.items or {}).get(1, NOTHING)
            elif name in _VAGUE:
                name = f"secret_{name}"
            state.bound(name, value, "call", argument.node, sdk=True, site=site)


def _comparison(state: State, site: Site) -> None:
    """Tell of compare_digest(a, b), a.__eq__(b) and operator.eq(a, b)."""
    if site.method == "compare_digest" and len(site.positional) == 2:
        one, other = site.positional
        compared(state, site.node, "call", (one.node, one.value), (other.node, other.value))
    elif site.method == "__eq__" and site.positional and isinstance(site.node.func, cst.Attribute):
        one, place = site.positional[0], site.node.func.value
        compared(state, site.node, "==", (place, state.value_of(place)), (one.node, one.value))
    elif site.ref in _EQUAL and len(site.positional) == 2:
        one, other = site.positional
        compared(state, site.node, "==", (one.node, one.value), (other.node, other.value))


def _defaults(state: State, site: Site) -> None:
    """Look at the default of an option, and at that of a look-up in the environment."""
    default = site.keyword("default")
    if site.method in _DEFAULTS and default:
        for argument in (*site.positional, *filter(None, [site.keyword("dest")])):
            if isinstance(argument.value.const, str):
                form = "fallback" if is_setting(site.node) else "default"
                state.bound(argument.value.const.lstrip("-"), default.value, form, default.node)
    _fallback(state, site)
    environment = source_of(state.knowledge.sources, site.ref, site.written)
    if site.method in _FIELDS or environment is None or environment.key is None or environment.default is None:
        return
    key, given = site.parameter(environment.key), site.parameter(environment.default) or default
    if key and given and (name := key.value.text):
        name += "WORD" if name.endswith("_PASS") else ""
        state.bound(name, given.value, "fallback", given.node)


def _fallback(state: State, site: Site) -> None:
    """Look at what stands in for an entry that is missing: config.get("smtp", "password", fallback="…")."""
    fallback = site.keyword("fallback")
    name = site.positional[-1].value.const if site.positional else None
    if fallback is not None and site.method.startswith("get") and isinstance(name, str):
        state.bound(name, fallback.value, "fallback", fallback.node)
