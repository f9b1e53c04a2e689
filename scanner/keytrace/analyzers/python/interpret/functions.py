"""Functions: read once a round with parameters that stand for themselves, applied to arguments by their summaries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

import libcst as cst

from keytrace.analyzers.python.events import Finished, Reached
from keytrace.analyzers.python.interpret.annotations import annotation_kind, masked
from keytrace.analyzers.python.interpret.handing import Given, arguments_of, pick
from keytrace.analyzers.python.interpret.joins import bind, join, keep_attribute, keep_part, merge
from keytrace.analyzers.python.interpret.site import is_setting
from keytrace.analyzers.python.interpret.state import Frame, State
from keytrace.analyzers.python.interpret.values import (
    NOTHING,
    Class,
    Effect,
    Function,
    Node,
    Scope,
    Step,
    Summary,
    Taint,
    Value,
)

_OPTIONS = frozenset("Option Argument Query Header Form Body Cookie Path Field".split())  # of typer and FastAPI
_PROPERTIES = frozenset("property cached_property computed_field".split())
_BY_KEY = frozenset(("__getitem__", "__contains__", "__delitem__"))  # they are handed the name of an entry
_OF_REQUESTS = re.compile(r"(?:\w+\.)?(?:headers|cookies|auth)\b")  # what a client sends with each of them
_UNSURE = frozenset(("name", "dump"))  # kinds of taints
_DEPTH = 24  # functions that are read one inside the other
_NESTED = 4  # entries one in another in which arguments take the place of parameters


def function(state: State, node: cst.FunctionDef) -> bool:
    value = define(state, node, node.name.value)
    bind(state.scope, node.name.value, value)
    if state.frame.owner is not None and state.function is None:
        state.frame.owner.attributes[node.name.value] = value
    return True


def lambda_(state: State, node: cst.Lambda) -> Value:
    return define(state, node, "<lambda>")


def define(state: State, node: cst.FunctionDef | cst.Lambda, name: str) -> Value:
    """Return the value of a function, and have it read when the code around it has been."""
    for parameter in _parameters(node.params):
        if parameter.default is not None:
            default = _default(state, parameter.default)
            form = "fallback" if is_setting(parameter.default) or is_setting(parameter.annotation) else "default"
            state.bound(parameter.name.value, default, form, parameter)
    made = state.functions.get(node)
    owner = state.frame.owner if state.function is None else None
    if made is None:
        made = state.functions[node] = _new(state, node, name, owner)
    made.scope = state.scope if owner is None else state.scope.outer or state.scope
    made.kept, made.summary = made.summary, Summary()
    if isinstance(node, cst.FunctionDef):
        decorators = [state.evaluate(decorator.decorator).function for decorator in node.decorators]
        made.wrappers = tuple(_wrappers(state, made, filter(None, decorators)))
        last = {state.path(one.decorator).removesuffix("()").rpartition(".")[2] for one in node.decorators}
        made.is_property = not _PROPERTIES.isdisjoint(last)
        made.is_static = "staticmethod" in last
    state.waiting.append(made)
    if isinstance(node, cst.Lambda) or state.function is not None:
        summary_of(state, made)
    return Value(function=made)


def _wrappers(state: State, made: Function, decorators: Iterable[Function]) -> Iterator[Function]:
    """Yield the functions that decorators of the program put around another one."""
    for decorator in decorators:
        wrapper = apply(state, decorator, (("", 0, Value(function=made)),), made.place, bound=False).function
        if wrapper is not None and wrapper is not made:
            yield wrapper


def _parameters(parameters: cst.Parameters) -> tuple[cst.Param, ...]:
    return (*parameters.posonly_params, *parameters.params, *parameters.kwonly_params)


def _new(state: State, node: cst.FunctionDef | cst.Lambda, name: str, owner: Class | None) -> Function:
    parameters = node.params
    rest = parameters.star_arg.name.value if isinstance(parameters.star_arg, cst.Param) else ""
    keywords = parameters.star_kwarg.name.value if parameters.star_kwarg is not None else ""
    names = (parameter.name.value for parameter in _parameters(parameters))
    return Function(
        name, node, state.scope, (*names, *filter(None, (rest, keywords))), owner, keywords=keywords, rest=rest,
        first_keyword_only=len(parameters.posonly_params) + len(parameters.params),
    )  # fmt: skip


def _default(state: State, node: cst.BaseExpression) -> Value:
    """Return the default of a parameter; of Header("x") and the like what they are handed."""
    default = state.evaluate(node)
    if not isinstance(node, cst.Call) or state.path(node.func).rpartition(".")[2] not in _OPTIONS:
        return default
    first = [arg for arg in node.args if arg.keyword is None or arg.keyword.value == "default"]
    return state.value_of(first[0].value) if first and not first[0].star else NOTHING


def summary_of(state: State, function: Function) -> Summary:
    """Return what a function does: of this round, or of the last while it is being read."""
    if function.is_foreign:
        return function.summary
    if function.round == state.round:
        return function.summary if not function.reading or function.kept is None else function.kept
    if state.depth >= _DEPTH:
        return function.kept or function.summary
    function.round = state.round
    function.reading = True
    with state.inside(Frame(Scope(function.scope), function, function.owner)):
        _bind_parameters(state, function)
        if isinstance(function.node, cst.Lambda):
            function.summary.returns = state.evaluate(function.node.body)
        else:
            state.block(function.node.body.body)
            state.emit(Finished(function))
            _leave(state, function)
            _wrap(state, function)
    function.reading = False
    return function.summary


def _wrap(state: State, function: Function) -> None:
    """Hand what decorators have put around a function what it is called with: it may log that, whoever calls."""
    own = function.parameters[function.offset :] if function.wrappers else ()
    secrets = {name for name in own if state.names.is_secret(name)}
    if not secrets:
        return
    place = function.place
    given = [("", 0, _called_so(name, place) if name in secrets else NOTHING) for name in own]
    for wrapper in function.wrappers:
        apply(state, wrapper, (("", 0, NOTHING), *given) if function.offset else given, place, bound=False)


def _called_so(name: str, place: Node) -> Value:
    return Value(taints=(Taint("name", name, (Step(place, f"the secret '{name}'"),)),))


def returns(state: State, value: Value) -> None:
    """Note that the function that is being read may return or yield a value."""
    if state.function is not None:
        before = state.function.summary.returns
        state.function.summary.returns = value if before is None else join(before, value)


def _leave(state: State, function: Function) -> None:
    """Keep what a function has left in the attributes of its object and in global names."""
    prefix = f"{function.parameters[0]}." if function.offset and function.parameters else ""
    for name, value in state.scope.names.items():
        if prefix and function.owner is not None and name.startswith(prefix) and name[len(prefix) :].isidentifier():
            keep_attribute(function.owner, name[len(prefix) :], value)
        if prefix and function.owner is not None and _OF_REQUESTS.match(name, len(prefix)):
            keep_part(function.owner, name[len(prefix) :], value)
    for name, scope in state.scope.declared.items():
        if scope is state.module and name in scope.names:
            state.late[name] = scope.names[name]


def _bind_parameters(state: State, function: Function) -> None:
    described = {parameter.name.value: parameter for parameter in _parameters(function.node.params)}
    for number, name in enumerate(function.parameters):
        if number == 0 and function.offset and function.owner is not None:
            state.scope.put(name, Value(instance=function.owner, ref="self"))
        else:
            state.scope.put(name, _argument(state, function, number, described.get(name)))


def _argument(state: State, function: Function, number: int, parameter: cst.Param | None) -> Value:
    """Return what stands for the argument of a parameter while its function is read."""
    name, place = function.parameters[number], function.place
    step = Step(place, f"the parameter '{name}'")
    value = Value(taints=(Taint("parameter", name, (step,), owner=function, index=number),), is_parameter=True)
    if parameter is None or function.name in _BY_KEY:
        return replace(value, clean=True)  # *args, **kwargs; the name of an entry
    if (instance := _annotated_class(state, parameter)) is not None:
        return replace(value, instance=instance)
    kind = annotation_kind(parameter.annotation)
    if kind == "object":
        return replace(value, clean=True)
    if kind == "masked":
        return masked(name, place, "masked parameter")
    default = state.value_of(parameter.default)
    if default.text and not any(map(str.isalnum, default.text)):
        return replace(value, clean=True)  # def show(token="."): a piece of a text
    return replace(default, taints=value.taints) if default.function is not None else value


def _annotated_class(state: State, parameter: cst.Param) -> Class | None:
    annotation = parameter.annotation.annotation if parameter.annotation is not None else None
    known = state.scope.find(annotation.value) if isinstance(annotation, cst.Name) else None
    return known.instance if known is not None and known.is_class else None


def apply(state: State, function: Function, given: Given, node: cst.CSTNode, *, bound: bool) -> Value:
    """Return what a function returns for these arguments; tell what it does with the secrets among them."""
    summary = summary_of(state, function)
    values = arguments_of(function, given, bound=bound)
    for index, one in values.items():
        if one.text is not None:
            state.bound(function.parameters[index], one, "call", one.node or node)
        elif one.taints and state.names.is_given_none(function.parameters[index]):
            values[index] = replace(one, taints=())
    for effect in list(summary.effects.values()):
        value = values.get(effect.parameter)
        for taint in pick(value, effect.at, values).taints if value is not None else ():
            _reach(state, effect, function, taint, node)
    for wrapper in function.wrappers:
        if wrapper is not function:
            apply(state, wrapper, (("", 0, NOTHING), *given) if bound else given, node, bound=False)
    if summary.returns is None:
        return NOTHING
    returned = instantiate(summary.returns, function, values, node, 0)
    return Value(ref="[]", items={0: returned}, taints=returned.taints) if function.is_generator else returned


def _reach(state: State, effect: Effect, function: Function, taint: Taint, node: cst.CSTNode) -> None:
    """Tell what a function does with a secret that it is handed."""
    is_foreign = not isinstance(effect.place, cst.CSTNode)
    is_check = effect.mild and function.name != "__init__"  # what checks anything says what it was given
    if is_foreign and taint.kind in _UNSURE and (is_check or _is_told(state, effect, function)):
        return
    state.emit(_reached(effect, function, taint, node))


def _is_told(state: State, effect: Effect, function: Function) -> bool:
    """Tell whether a function calls its parameter a secret, and so is told of where it stands, whoever calls it."""
    return not effect.at and state.names.is_secret(function.parameters[effect.parameter])


def _reached(effect: Effect, function: Function, taint: Taint, node: cst.CSTNode) -> Reached:
    """Return what a function does with a secret that it is handed."""
    onward = taint.along((Step(node, f"handed to {function.name}()"), *effect.steps[1:]))
    if effect.part:
        onward = onward.cut()
    if isinstance(effect.place, cst.CSTNode):
        return Reached(effect.rule, effect.place, onward, effect.says, effect.mild, effect.doubt)
    onward = onward.step(effect.place, effect.says)  # in another module: reported where it is handed over
    return Reached(effect.rule, node, onward, f"{effect.says} by {function.name}()", effect.mild, effect.doubt)


def _handed(taint: Taint, argument: Value, node: cst.CSTNode, says: str) -> Iterator[Taint]:
    """Yield the taints of an argument in place of that of its parameter."""
    for one in argument.taints:
        step = one.step(node, says if one.steps else f"looked up by {says.rpartition(' ')[2]}")
        yield step.cut() if taint.part else step


def _is_argument(value: Value, own: list[Taint]) -> bool:
    """Tell whether a value is the argument of the one parameter that it is tainted by, as it is."""
    is_one = value.is_parameter and len(own) == 1 and not own[0].part
    return is_one and all(taint.owner is own[0].owner for taint in value.taints)


def instantiate(value: Value, function: Function, given: dict[int, Value], node: cst.CSTNode, depth: int) -> Value:
    """Return a value of a summary with the arguments in place of the parameters."""
    if depth > _NESTED:
        return NOTHING
    own = [taint for taint in value.taints if taint.kind == "parameter" and taint.owner is function]
    if not any(taint.owner is function for taint in value.taints):
        return value
    says = f"returned by {function.name}()"
    if _is_argument(value, own):
        argument = pick(given.get(own[0].index, NOTHING), own[0].at, given)
        return replace(argument, taints=merge(taint.step(node, says) for taint in argument.taints))
    taints = [taint for taint in value.taints if taint.owner is not function]  # nor by what a parameter is called
    for taint in own:
        taints += _handed(taint, pick(given.get(taint.index, NOTHING), taint.at, given), node, says)

    def inner(one: Value) -> Value:
        return instantiate(one, function, given, node, depth + 1)

    return replace(
        value,
        taints=merge(taints),
        items={key: inner(entry) for key, entry in value.items.items()} if value.items is not None else None,
        parts=tuple(map(inner, value.parts)),
        options=tuple(map(inner, value.options)),
        is_parameter=False,
    )
