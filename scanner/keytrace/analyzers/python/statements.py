"""Reads a module: statements in order, branches apart and joined, functions summed up, classes with attributes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import libcst as cst

from keytrace.analyzers.python import calls, comparisons, results, webhooks
from keytrace.analyzers.python.expressions import Expressions
from keytrace.analyzers.python.lattice import CLEAN, NOTHING, Step, Taint, Value, container, element_of, join, merge
from keytrace.analyzers.python.program import Class, Function, Scope, Summary
from keytrace.analyzers.python.tree import dotted, walk

_PLAIN_TYPES = frozenset(
    "str bytes Optional Union None Any Dict dict List list Tuple tuple Annotated Final ClassVar Literal Sequence "
    "Mapping Text AnyStr bytearray Iterable Set set InitVar typing t object Required NotRequired Header Query "
    "Form Body Cookie Mapped Column StrictStr constr Type type".split()
)
_MASKED_TYPES = frozenset("SecretStr SecretBytes Secret".split())
_RECORDS = (
    "dataclass",
    "dataclasses.dataclass",
    "attr.s",
    "attrs.define",
    "attr.define",
    "define",
    "pydantic.dataclasses.dataclass",
)
_OPTIONS = ("Option", "Argument", "Query", "Header", "Form", "Body", "Cookie", "Path", "Field")  # of typer and FastAPI
_DEPTH = 24  # functions that are read one inside the other


class Reader(Expressions):
    """Reads a module twice: the first time to learn what functions, classes and globals do, the second to report."""

    round = 0
    _depth = 0
    _loops = 0

    def read(self, module: cst.Module) -> None:
        """Read the module; the ledger holds what was found."""
        self.frameworks = _frameworks(module)
        self.guarded = webhooks.guards(self, module)
        self.late: dict[str, Value] = {}  # what functions bind to global names
        self._functions: dict[cst.CSTNode, Function] = {}
        self._classes: dict[cst.CSTNode, Class] = {}
        for self.round in (1, 2):
            self.ledger.clear()
            self.module = self.scope = Scope()
            self._waiting: list[Function] = []
            self.block(module.body)
            for name, value in self.late.items():
                known = self.module.names.get(name)
                self.module.names[name] = value if known is None else join(known, value)
            while self._waiting:
                self.summary_of(self._waiting.pop())
            if not self._has_more_to_tell():
                break

    def _has_more_to_tell(self) -> bool:
        """Tell whether a second reading may find more: some function, class or global hands a secret on."""
        if self.late or any(
            value.taints or value.masked for owner in self._classes.values() for value in owner.attributes.values()
        ):
            return True
        for function in self._functions.values():
            returns = function.summary.returns
            if function.summary.effects or function.summary.stored or (returns is not None and returns.taints):
                return True
        return False

    def local(self, node: cst.CSTNode) -> Function | None:
        """Return the function of this module that an expression names."""
        return self.evaluate_quietly(node).function

    # --- blocks -------------------------------------------------------------------------------------------------------

    def block(self, statements: Sequence[cst.CSTNode]) -> bool:
        """Read statements; tell whether the program goes on behind them."""
        return all(self.statement(statement) for statement in statements)

    def suite(self, body: cst.BaseSuite) -> bool:
        return self.block(body.body)

    def statement(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.SimpleStatementLine):
            return self.block(node.body)
        handler = _STATEMENTS.get(type(node))
        return handler(self, node) is not False if handler else True

    def _expression(self, node: cst.Expr) -> None:
        if not isinstance(node.value, cst.SimpleString | cst.ConcatenatedString):  # documentation is text, not code
            self.evaluate(node.value)

    def _assign_statement(self, node: cst.Assign) -> None:
        value = self.evaluate(node.value)
        if self.owner is not None and self.function is None and isinstance(node.value, cst.Call):
            value = self._field(node.value, value)
        for target in node.targets:
            self.assign(target.target, value)

    def _annotated(self, node: cst.AnnAssign) -> None:
        value = self.evaluate(node.value) if node.value is not None else NOTHING
        kind = annotation_kind(node.annotation)
        if node.value is None:
            value = CLEAN if kind == "object" else _masked(node.target) if kind == "masked" else NOTHING
        elif kind == "masked" and value.masked is None:
            value = Value(clean=True, masked=value)
        if self.owner is not None and self.function is None and isinstance(node.value, cst.Call):
            value = self._field(node.value, value)
            if isinstance(node.target, cst.Name) and _is_hidden(node.value):
                self.owner.hidden_fields.add(node.target.value)
        if node.value is None and isinstance(node.target, cst.Name) and self.owner is None:
            return
        self.assign(node.target, value)

    def _field(self, call: cst.Call, value: Value) -> Value:
        """Return what `field(default=x)` or `Field(x)` gives an attribute."""
        if dotted(call.func).rpartition(".")[2] not in (
            "field",
            "Field",
            "ib",
            "attrib",
            "Column",
            "mapped_column",
            "CharField",
            "TextField",
        ):
            return value
        for arg in call.args:
            name = arg.keyword.value if arg.keyword else ""
            if name == "default" or (not name and not arg.star and dotted(call.func).endswith("Field")):
                default = self.evaluate(arg.value)
                return default if default.text is not None or default.masked is not None else NOTHING
            if name == "default_factory":
                factory = self.evaluate(arg.value)
                if factory.function is not None:
                    return results.apply(self, factory.function, [], call, bound=False)
        return value if dotted(call.func).rpartition(".")[2] not in ("field", "Field", "ib", "attrib") else NOTHING

    def _augmented(self, node: cst.AugAssign) -> None:
        before, value = self.evaluate(node.target), self.evaluate(node.value)
        if isinstance(node.operator, cst.AddAssign):
            value = self._sum([before, value], node.value)
            value = replace(value, taints=merge(before.taints, value.taints))
        elif isinstance(node.operator, cst.BitOrAssign) and before.items is not None and value.items is not None:
            value = self.union(before, value)
        else:
            value = replace(value, taints=merge(before.taints, value.taints), const=CLEAN.const)
        self.assign(node.target, value)

    def _return(self, node: cst.Return) -> bool:
        value = self.evaluate(node.value) if node.value is not None else Value(const=None)
        function = self.function
        if function is not None:
            noun = self.names.noun_of(function.name)
            if noun and node.value is not None:
                self.literal(noun, value, "assign")
            if function.view == "flask" and node.value is not None and not self.is_response(node.value):
                calls.respond(self, node.value, value)  # others answer by objects of their own
            before = function.summary.returns
            function.summary.returns = value if before is None else join(before, value)
        return False

    def is_response(self, node: cst.BaseExpression) -> bool:
        """Tell whether an expression makes an object that is a response."""
        return isinstance(node, cst.Call) and bool(
            self.knowledge.responses.find(self.evaluate_quietly(node.func).ref, dotted(node.func))
        )

    def evaluate_quietly(self, node: cst.CSTNode) -> Value:
        """Evaluate an expression once more, without taking note of what is found."""
        recording, self.ledger.recording = self.ledger.recording, False
        try:
            return self.evaluate(node)
        finally:
            self.ledger.recording = recording

    def _raise(self, node: cst.Raise) -> bool:
        if node.exc is not None:
            value = self.evaluate(node.exc)
            if isinstance(node.exc, cst.Call):
                for arg in node.exc.args:
                    if arg.keyword is None or arg.keyword.value in (
                        "message",
                        "msg",
                        "detail",
                        "details",
                        "reason",
                        "description",
                    ):
                        message = self.evaluate_quietly(arg.value)
                        self.sink("logged-credential", arg.value, message, "put into the message of an exception")
                        self.raised += [taint for taint in message.taints if taint.kind != "parameter"]
            else:
                self.raised += value.taints
        return False

    def _assert(self, node: cst.Assert) -> None:
        self.asserting = True
        self.evaluate(node.test)
        self.asserting = False
        if node.msg is not None and not _tests_type(node.test, node.msg):
            self.sink("logged-credential", node.msg, self.evaluate(node.msg), "put into the message of an assertion")

    def _delete(self, node: cst.Del) -> None:
        targets = (
            [element.value for element in node.target.elements] if isinstance(node.target, cst.Tuple) else [node.target]
        )
        for target in targets:
            if isinstance(target, cst.Name):
                self.scope.bind(target.value, CLEAN)
            elif isinstance(target, cst.Subscript) and isinstance(target.slice[0].slice, cst.Index):
                key = self.evaluate(target.slice[0].slice.value).const
                written = dotted(target.value)
                known = self.scope.find(written) if written else None
                if known is not None and known.items is not None:
                    items = {name: value for name, value in known.items.items() if name != key}
                    self.scope.put(written, replace(container(items), ref=known.ref))

    def _import(self, node: cst.Import) -> None:
        for alias in node.names:
            name = dotted(alias.name)
            if alias.asname is not None and isinstance(alias.asname.name, cst.Name):
                self.scope.bind(alias.asname.name.value, Value(ref=name, clean=True))
            else:
                self.scope.bind(name.partition(".")[0], Value(ref=name.partition(".")[0], clean=True))

    def _import_from(self, node: cst.ImportFrom) -> None:
        module = "." * len(node.relative) + (dotted(node.module) if node.module is not None else "")
        if isinstance(node.names, cst.ImportStar):
            return
        for alias in node.names:
            name = dotted(alias.name)
            bound = name
            if alias.asname is not None and isinstance(alias.asname.name, cst.Name):
                bound = alias.asname.name.value
            ref = f"{module}.{name}" if module.strip(".") else f"{module}{name}"
            value = self.imported.find(ref)
            if value is None:
                is_module = (name.islower() and module in ("", ".", "..")) or (
                    name in ("secrets", "tokens", "credentials")
                )
                value = Value(ref=ref, clean=is_module)
            if name != bound and not value.clean:
                value = self.named(value, name, alias)
            self.scope.bind(bound, value)

    def _global(self, node: cst.Global | cst.Nonlocal) -> None:
        for item in node.names:
            name = item.name.value
            if isinstance(node, cst.Global):
                self.scope.declared[name] = self.module
            else:
                scope = self.scope.outer
                while scope is not None and name not in scope.names:
                    scope = scope.outer
                self.scope.declared[name] = scope or self.module

    # --- branches -----------------------------------------------------------------------------------------------------

    def _if(self, node: cst.If) -> bool:
        arms: list[cst.BaseSuite] = []
        before = self.scope
        after: list[Scope] = []
        current: cst.If | cst.Else | None = node
        while isinstance(current, cst.If):
            self.evaluate(current.test)
            arms.append(current.body)
            current = current.orelse
        if current is not None:
            arms.append(current.body)
        for arm in arms:
            self.scope = before.branch()
            if self.suite(arm):
                after.append(self.scope)
        self.scope = before
        if current is None:
            after.append(before.branch())
        if after:
            self.spend(len(before.names))
            before.merge(*after)
        return bool(after)

    def _loop(self, node: cst.For | cst.While) -> None:
        before = self.scope
        iterated = self.evaluate(node.iter if isinstance(node, cst.For) else node.test)
        self._loops += 1
        for _ in range(2 if self._loops < 3 else 1):  # what one turn leaves, the next may use
            self.scope = before.branch()
            if isinstance(node, cst.For):
                self.assign(node.target, element_of(iterated))
            self.suite(node.body)
            turned = self.scope
            self.scope = before
            self.spend(len(before.names))
            before.merge(before.branch(), turned)
        self._loops -= 1
        if node.orelse is not None:
            self.suite(node.orelse.body)

    def _try(self, node: cst.Try | cst.TryStar) -> bool:
        before = self.scope
        outer, self.raised = self.raised, []
        self.scope = before.branch()
        goes_on = self.suite(node.body)
        body = self.scope
        if goes_on and node.orelse is not None:
            goes_on = self.suite(node.orelse.body)
        ends = [self.scope] if goes_on else []
        raised, self.raised = self.raised, outer
        self.spend(len(before.names))
        start = before.branch()
        start.merge(before.branch(), body)
        for handler in node.handlers:
            self.scope = start.branch()
            if handler.name is not None and isinstance(handler.name.name, cst.Name):
                taints = merge(taint.step(handler, "carried by an exception") for taint in raised)
                self.scope.bind(handler.name.name.value, Value(taints=taints, clean=not taints))
            if self.suite(handler.body):
                ends.append(self.scope)
        self.scope = before
        if ends:
            before.merge(*ends)
        elif node.handlers:
            before.merge(start)
        if node.finalbody is not None:
            goes_on = self.suite(node.finalbody.body)
            return goes_on and bool(ends)
        return bool(ends)

    def _with(self, node: cst.With) -> bool:
        for item in node.items:
            value = self.evaluate(item.item)
            if item.asname is not None:
                self.assign(item.asname.name, value)
        return self.suite(node.body)

    def _match(self, node: cst.Match) -> bool:
        subject = self.evaluate(node.subject)
        before = self.scope
        after: list[Scope] = [before.branch()]
        for case in node.cases:
            self.scope = before.branch()
            self._pattern(case.pattern, node.subject, subject)
            if case.guard is not None:
                self.evaluate(case.guard)
            if self.suite(case.body):
                after.append(self.scope)
        self.scope = before
        self.spend(len(before.names) * len(after))
        before.merge(*after)
        return True

    def _pattern(self, pattern: cst.CSTNode, place: cst.CSTNode, subject: Value) -> None:
        """Bind the names of a pattern; a literal that a secret is matched with is one it is compared with."""
        if isinstance(pattern, cst.MatchValue):
            comparisons.pair(self, pattern, (place, subject), (pattern.value, self.evaluate(pattern.value)))
        elif isinstance(pattern, cst.MatchOr):
            for element in pattern.patterns:
                self._pattern(element.pattern, place, subject)
        elif isinstance(pattern, cst.MatchAs):
            if pattern.pattern is not None:
                self._pattern(pattern.pattern, place, subject)
            if pattern.name is not None:
                self.scope.bind(pattern.name.value, subject)
        elif isinstance(pattern, cst.MatchList | cst.MatchTuple):
            for number, part in enumerate(pattern.patterns):
                if isinstance(part, cst.MatchSequenceElement):
                    self._pattern(part.value, part.value, (subject.items or {}).get(number, NOTHING))
        else:
            self._pattern_of_names(pattern, subject)

    def _pattern_of_names(self, pattern: cst.CSTNode, subject: Value) -> None:
        """Bind the names of a mapping's or class's pattern."""
        named: list[tuple[str, cst.MatchPattern, Value]] = []
        if isinstance(pattern, cst.MatchMapping):
            for item in pattern.elements:
                key = self.evaluate(item.key).const
                if isinstance(key, str):
                    named.append((key, item.pattern, self.entry(subject, key, "", item)))
        elif isinstance(pattern, cst.MatchClass):
            for keyword in pattern.kwds:
                name = keyword.key.value
                named.append((name, keyword.pattern, self.named(NOTHING, name, keyword)))
        for name, inner, value in named:
            if isinstance(inner, cst.MatchValue):
                self.literal(name, self.evaluate(inner.value), "compare")
            self._pattern(inner, inner, value)

    # --- functions and classes ----------------------------------------------------------------------------------------

    def _function(self, node: cst.FunctionDef) -> None:
        value = self.define(node, node.name.value)
        self.scope.bind(node.name.value, value)
        if self.owner is not None and self.function is None:
            self.owner.attributes[node.name.value] = value

    def define(self, node: cst.FunctionDef | cst.Lambda, name: str) -> Value:
        """Return the value of a function, and have it read when the code around it has been."""
        parameters = node.params
        named = [*parameters.posonly_params, *parameters.params]
        names = [parameter.name.value for parameter in (*named, *parameters.kwonly_params)]
        rest = parameters.star_arg.name.value if isinstance(parameters.star_arg, cst.Param) else ""
        keywords = parameters.star_kwarg.name.value if parameters.star_kwarg is not None else ""
        for parameter in (*named, *parameters.kwonly_params):
            if parameter.default is not None:
                default = self.evaluate(parameter.default)
                if (
                    isinstance(parameter.default, cst.Call)
                    and dotted(parameter.default.func).rpartition(".")[2] in _OPTIONS
                ):
                    first = [
                        arg for arg in parameter.default.args if arg.keyword is None or arg.keyword.value == "default"
                    ]
                    default = self.evaluate(first[0].value) if first and not first[0].star else NOTHING
                self.literal(parameter.name.value, default, "default")
        function = self._functions.get(node)
        owner = self.owner if self.function is None else None
        if function is None:
            function = Function(
                name, node, self.scope, (*names, *filter(None, (rest, keywords))), owner,
                keywords=keywords, rest=rest, first_keyword_only=len(named),
            )  # fmt: skip
            self._functions[node] = function
        function.scope = self.scope if owner is None else self.scope.outer or self.scope
        function.kept, function.summary = function.summary, Summary()
        if isinstance(node, cst.FunctionDef):
            decorators = [decorator.decorator for decorator in node.decorators]
            for decorator in decorators:
                self.evaluate(decorator)
            last = [dotted(decorator).removesuffix("()").rpartition(".")[2] for decorator in decorators]
            function.is_property = bool({"property", "cached_property", "computed_field"} & set(last))
            function.is_static = "staticmethod" in last
            webhooks.describe(self, function, node)
        self._waiting.append(function)
        if isinstance(node, cst.Lambda) or self.function is not None:
            self.summary_of(function)
        return Value(function=function)

    def summary_of(self, function: Function) -> Summary:
        """Return what a function does: of this round, or of the last while it is being read."""
        if function.is_foreign:
            return function.summary
        if function.round == self.round:
            return function.summary if not function.reading or function.kept is None else function.kept
        if self._depth >= _DEPTH:
            return function.kept or function.summary
        function.round = self.round
        function.reading = True
        before = (self.scope, self.function, self.owner, self.raised, self._loops, self.asserting)
        self.scope, self.function, self.owner = Scope(function.scope), function, function.owner
        self.raised, self._loops, self.asserting = [], 0, False
        self._depth += 1
        try:
            self._bind_parameters(function)
            if isinstance(function.node, cst.Lambda):
                function.summary.returns = self.evaluate(function.node.body)
            else:
                self.suite(function.node.body)
                webhooks.check(self, function)
                self._leave(function)
        finally:
            self._depth -= 1
            self.scope, self.function, self.owner, self.raised, self._loops, self.asserting = before
            function.reading = False
        return function.summary

    def _leave(self, function: Function) -> None:
        """Keep what a function has left in the attributes of its object and in global names."""
        prefix = f"{function.parameters[0]}." if function.offset and function.parameters else ""
        for name, value in self.scope.names.items():
            if prefix and function.owner is not None and name.startswith(prefix):
                attribute = name[len(prefix) :]
                if attribute.isidentifier():
                    self.keep_attribute(function.owner, attribute, value)
        for name, scope in self.scope.declared.items():
            if scope is self.module and name in scope.names:
                self.late[name] = scope.names[name]

    def _bind_parameters(self, function: Function) -> None:
        parameters = function.node.params
        kinds: dict[str, tuple[str, Value]] = {}
        instances: dict[str, Class] = {}
        for parameter in (*parameters.posonly_params, *parameters.params, *parameters.kwonly_params):
            default = self.evaluate_quietly(parameter.default) if parameter.default is not None else NOTHING
            kinds[parameter.name.value] = (annotation_kind(parameter.annotation), default)
            if parameter.annotation is not None and isinstance(parameter.annotation.annotation, cst.Name):
                known = self.scope.find(parameter.annotation.annotation.value)
                if known is not None and known.instance is not None and known.shown == "class":
                    instances[parameter.name.value] = known.instance
        for number, name in enumerate(function.parameters):
            kind, default = kinds.get(name, ("", NOTHING))
            if number == 0 and function.offset and function.owner is not None:
                self.scope.put(name, Value(instance=function.owner, ref="self"))
                continue
            taint = Taint(
                "parameter", name, (Step(_place(function), f"the parameter '{name}'"),), owner=function, index=number
            )
            value = Value(taints=(taint,), is_parameter=True)
            if name in instances:
                value = Value(taints=(taint,), instance=instances[name], is_parameter=True)
            elif kind == "object":
                value = replace(value, clean=True)
            elif kind == "masked":
                value = Value(
                    clean=True,
                    masked=Value(
                        taints=(Taint("name", name, (Step(_place(function), f"the masked parameter '{name}'"),)),)
                    ),
                )
            elif default.function is not None:
                value = replace(default, taints=(taint,))
            elif name in (function.keywords, function.rest):
                value = replace(value, clean=True)
            self.scope.put(name, value)

    def _class(self, node: cst.ClassDef) -> None:
        bases = tuple(self.evaluate(arg.value).ref or dotted(arg.value) for arg in node.bases if arg.keyword is None)
        owner = self._classes.get(node)
        if owner is None:
            owner = self._classes[node] = Class(node.name.value, bases)
        parents = [self.evaluate(arg.value).instance for arg in node.bases if arg.keyword is None]
        owner.parents = tuple(parent for parent in parents if parent is not None and parent is not owner)
        decorators = [dotted(decorator.decorator).removesuffix("()") for decorator in node.decorators]
        owner.is_exempt = any(
            "csrf_exempt" in dotted(arg.value)
            for decorator in node.decorators
            if isinstance(decorator.decorator, cst.Call)
            for arg in decorator.decorator.args
        )
        for decorator in node.decorators:
            self.evaluate(decorator.decorator)
        owner.is_record = any(name in _RECORDS for name in decorators) or any(
            base.rpartition(".")[2] in ("NamedTuple", "TypedDict", "BaseModel", "BaseSettings", "Struct")
            for base in bases
        )
        before = (self.scope, self.owner, self.function)
        self.scope, self.owner, self.function = Scope(self.scope), owner, None
        self.suite(node.body)
        inner = self.scope
        self.scope, self.owner, self.function = before
        for name, value in inner.names.items():
            if "." not in name and "[" not in name:
                known = owner.attributes.get(name)
                owner.attributes[name] = value if known is None or value.function is not None else join(known, value)
        self.scope.bind(node.name.value, Value(ref=node.name.value, instance=owner, shown="class"))


def _tests_type(test: cst.BaseExpression, message: cst.BaseExpression) -> bool:
    """Tell whether an assertion is about the type of what it shows: then it is shown only when it is none."""
    shown = dotted(message)
    return bool(shown) and any(
        isinstance(part, cst.Call) and any(dotted(arg.value) == shown for arg in part.args) for part in walk(test)
    )


def _frameworks(module: cst.Module) -> frozenset[str]:
    """Return the top-level packages that a module imports from."""
    found: set[str] = set()
    for line in module.body:
        for statement in line.body if isinstance(line, cst.SimpleStatementLine) else ():
            if isinstance(statement, cst.ImportFrom) and statement.module is not None and not statement.relative:
                found.add(dotted(statement.module).partition(".")[0])
            elif isinstance(statement, cst.Import):
                found.update(dotted(alias.name).partition(".")[0] for alias in statement.names)
    return frozenset(found)


def _place(function: Function) -> cst.CSTNode:
    return function.node.name if isinstance(function.node, cst.FunctionDef) else function.node


def annotation_kind(annotation: cst.Annotation | None) -> str:
    """Return `masked` for a type that masks itself when shown, `object` for one of which the text tells nothing."""
    if annotation is None:
        return ""
    names: list[str] = []
    waiting: list[cst.CSTNode] = [annotation.annotation]
    while waiting and len(names) < 32:
        node = waiting.pop()
        if isinstance(node, cst.Name):
            names.append(node.value)
        elif isinstance(node, cst.Attribute):
            names.append(node.attr.value)
        elif isinstance(node, cst.Subscript):
            waiting.append(node.value)
            waiting += [element.slice.value for element in node.slice[:1] if isinstance(element.slice, cst.Index)]
        elif isinstance(node, cst.BinaryOperation):
            waiting += [node.left, node.right]
        elif isinstance(node, cst.SimpleString):
            names += re.findall(r"[A-Za-z_]\w*", node.value)
    if any(name in _MASKED_TYPES for name in names):
        return "masked"
    if any(name in ("bool", "int", "float") for name in names) and not {"str", "bytes"} & set(names):
        return "object"
    if any(name not in _PLAIN_TYPES and name[:1].isupper() for name in names) and not {"str", "bytes"} & set(names):
        return "object"
    return ""


def _masked(target: cst.CSTNode) -> Value:
    """Return a value that masks itself when shown, and holds a secret, whatever it is called."""
    name = dotted(target).rpartition(".")[2] or "secret"
    return Value(clean=True, masked=Value(taints=(Taint("name", name, (Step(target, f"the masked '{name}'"),)),)))


def _is_hidden(call: cst.Call) -> bool:
    """Tell whether a field says repr=False."""
    return any(
        arg.keyword is not None
        and arg.keyword.value == "repr"
        and isinstance(arg.value, cst.Name)
        and arg.value.value == "False"
        for arg in call.args
    )


def _leave_loop(_reader: Reader, _node: cst.CSTNode) -> bool:
    return False


_STATEMENTS: dict[type, Callable[[Reader, Any], bool | None]] = {
    cst.Expr: Reader._expression, cst.Assign: Reader._assign_statement, cst.AnnAssign: Reader._annotated,
    cst.AugAssign: Reader._augmented, cst.Return: Reader._return, cst.Raise: Reader._raise,
    cst.Assert: Reader._assert, cst.Del: Reader._delete, cst.Import: Reader._import,
    cst.ImportFrom: Reader._import_from, cst.Global: Reader._global, cst.Nonlocal: Reader._global,
    cst.If: Reader._if, cst.For: Reader._loop, cst.While: Reader._loop, cst.Try: Reader._try,
    cst.TryStar: Reader._try, cst.With: Reader._with, cst.Match: Reader._match,
    cst.FunctionDef: Reader._function, cst.ClassDef: Reader._class,
    cst.Continue: _leave_loop, cst.Break: _leave_loop,
}  # fmt: skip
