"""What expressions evaluate to: constants folded, secrets followed through texts, containers, attributes and calls."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import libcst as cst

from keytrace.analyzers.python import calls, comparisons, folding, is_test, requests, results, urls
from keytrace.analyzers.python.knowledge import Knowledge
from keytrace.analyzers.python.lattice import (
    CLEAN,
    MOST_ITEMS,
    NOTHING,
    UNKNOWN,
    Const,
    Step,
    Taint,
    Value,
    constants,
    container,
    element_of,
    is_dict,
    join,
    merge,
    taints_of,
    text_of,
)
from keytrace.analyzers.python.ledger import Ledger
from keytrace.analyzers.python.names import Names
from keytrace.analyzers.python.program import Class, Effect, Function, Scope, Summary
from keytrace.analyzers.python.site import source_of
from keytrace.analyzers.python.tree import dotted
from keytrace.names.lexicon import words

if TYPE_CHECKING:
    from keytrace.analyzers.python.modules import Imported

_CLASS_NAME = re.compile(r"_?[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)*")
_NAMES_OF = re.compile(
    r"(?:environment_vars|env_vars|constants|consts?|[a-z]Variables|Variables|Vars|Env|Keys|Names|Fields|Headers|Constants|Columns|Params|Options|Types|Kinds?)\.[A-Z_0-9]+$"
)
_SAYS_CLEAN = frozenset("hashed masked redacted encrypted obfuscated sanitized censored scrubbed truncated".split())
_PART = 4  # characters of a secret at either end that are only a part of it
_PRECISION = re.compile(r"\.(\d+)s?$")
_LONGEST_READ = 600_000  # expressions that are evaluated in one module


class TooLongError(Exception):
    """The module takes too long to read."""


class Expressions:
    """Evaluates expressions in the current scope. What is found goes to the ledger, in the last round only."""

    def __init__(self, path: str, knowledge: Knowledge, names: Names, ledger: Ledger, imported: Imported) -> None:
        self.path = path
        self.knowledge = knowledge
        self.names = names
        self.ledger = ledger
        self.imported = imported
        self.scope = Scope()
        self.function: Function | None = None
        self.owner: Class | None = None
        self.in_test = is_test(path)
        self.asserting = False  # in the condition of an assertion
        self.raised: list[Taint] = []  # in the `try` that is being read
        self._read = 0
        self._visitors: dict[type, Callable[[Any], Value]] = {
            cst.Name: self._name, cst.Attribute: self._attribute, cst.Subscript: self._subscript,
            cst.Call: self._call, cst.SimpleString: self._string, cst.ConcatenatedString: self._concatenated,
            cst.FormattedString: self._formatted, cst.Integer: self._number, cst.Float: self._number,
            cst.BinaryOperation: self._binary, cst.UnaryOperation: self._unary, cst.BooleanOperation: self._boolean,
            cst.Comparison: self._comparison, cst.IfExp: self._conditional, cst.Lambda: self._lambda,
            cst.List: self._sequence, cst.Tuple: self._sequence, cst.Set: self._sequence, cst.Dict: self._dict,
            cst.ListComp: self._comprehension, cst.SetComp: self._comprehension,
            cst.GeneratorExp: self._comprehension, cst.DictComp: self._comprehension, cst.Await: self._await,
            cst.Yield: self._yield, cst.NamedExpr: self._walrus,
        }  # fmt: skip

    def summary_of(self, function: Function) -> Summary:
        """Return what a function does."""
        raise NotImplementedError

    def spend(self, names: int) -> None:
        """Count the work of joining so many names, which is less than to evaluate as many expressions."""
        self._read += names // 8
        if self._read > _LONGEST_READ:
            raise TooLongError

    def evaluate(self, node: cst.CSTNode | None) -> Value:
        """Return what is known of an expression."""
        visit = self._visitors.get(type(node))
        if visit is None:
            return NOTHING
        self._read += 1
        if self._read > _LONGEST_READ:
            raise TooLongError
        return visit(node)

    # --- names --------------------------------------------------------------------------------------------------------

    def named(self, value: Value, name: str, node: cst.CSTNode) -> Value:
        """Return a value with what its name tells: that it is a secret, if nothing is known to the contrary."""
        is_class = isinstance(node, cst.Name | cst.Attribute) and _CLASS_NAME.fullmatch(name)
        if is_class or not self.names.is_secret(name):
            return value
        if value.is_open:
            taint = Taint("name", name, (Step(node, f"the secret '{name}'"),), sure=name.lower() != "token")
            return replace(value, taints=merge(value.taints, (taint,)), shown=name)
        if not value.taints and not value.clean:
            for leaf in constants(value):
                if leaf.text and self.ledger.is_credential(name, leaf.text):
                    place = leaf.node or node
                    return replace(value, taints=(Taint("literal", name, (Step(place, f"'{name}' is a literal"),)),))
        return value

    def _name(self, node: cst.Name) -> Value:
        value = self.scope.find(node.value)
        if value is None:
            if node.value in ("None", "True", "False"):
                return Value(const={"None": None, "True": True, "False": False}[node.value])
            value = Value(ref=node.value)
        elif value.ref in self.knowledge.dump_values and not value.taints:
            return replace(value, taints=(self.dump(value.ref, node),))
        return self.named(value, node.value, node)

    def _attribute(self, node: cst.Attribute) -> Value:
        name = node.attr.value
        written = dotted(node)
        known = self.scope.find(written) if written else None
        base = self.evaluate(node.value)
        ref = f"{base.ref}.{name}" if base.ref else ""
        if known is not None:
            return self.named(known, name, node)
        if (
            ref in self.knowledge.dump_values
            or written in self.knowledge.dump_values
            or written.endswith(".request.headers")
        ):
            return Value(ref=ref or written, taints=(self.dump(written or ref, node),))
        if name == "__dict__" and (self.is_settings(node.value) or self.holds_secrets(base)):
            return Value(taints=(self.dump(written, node),))
        if name == "f_locals" and results.has_secret_local(self):
            return Value(taints=(self.dump("the local variables", node),))
        value = base.instance.find(name) if base.instance else None
        if value is not None:
            if value.function:
                if value.function.is_property:
                    return self.named(results.apply(self, value.function, [], node, bound=True), name, node)
                return replace(value, ref=ref, owner=base)
            return self.named(value, name, node)
        if base.items is not None and name in base.items and base.items[name].function is None:
            return self.named(base.items[name], name, node)
        imported = self.imported.find(ref)
        if imported is not None:
            return self.named(imported, name, node)
        lower = name.lower()
        taints: tuple[Taint, ...]
        if lower in ("access_key", "aws_access_key") and base.taints:
            taints = ()  # of credentials of AWS: an id
        elif lower in self.knowledge.value_names or self.names.is_secret(name):
            taints = tuple(taint for taint in base.taints if taint.kind != "dump")
        elif lower in self.knowledge.propagating_methods:
            taints = base.taints  # a method that is about to be called
        else:
            taints = tuple(taint for taint in base.taints if taint.kind == "parameter" and lower in ("args", "message"))
        masked = base.masked if name in ("get_secret_value", "reveal") else None
        value = Value(ref=ref, taints=taints, owner=base, masked=masked)
        if name.isupper() and _NAMES_OF.search(written):
            return value  # EnvironmentVariables.CLIENT_SECRET is the name of one
        return self.named(value, name, node)

    def dump(self, name: str, node: cst.CSTNode) -> Taint:
        return Taint("dump", name, (Step(node, f"all of {name}"),))

    def is_settings(self, node: cst.CSTNode) -> bool:
        last = dotted(node).rpartition(".")[2]
        return last in self.knowledge.settings

    def holds_secrets(self, value: Value) -> bool:
        """Tell whether an object of a class of this module has an attribute that is a secret."""
        return value.instance is not None and any(
            self.names.is_secret(name)
            and not entry.clean
            and entry.function is None
            and name not in value.instance.hidden_fields
            for name, entry in value.instance.attributes.items()
        )

    def _subscript(self, node: cst.Subscript) -> Value:
        base = self.evaluate(node.value)
        if len(node.slice) != 1 or isinstance(node.slice[0].slice, cst.Slice):
            for element in node.slice:
                if isinstance(element.slice, cst.Slice):
                    return self._cut(base, element.slice, node)
            return NOTHING
        inner = node.slice[0].slice
        key = self.evaluate(inner.value if isinstance(inner, cst.Index) else None)
        written = dotted(node.value)
        if isinstance(key.const, str | int) and not isinstance(key.const, bool):
            return self.entry(base, key.const, written, node)
        if key.text is not None:
            return self.entry(base, key.text, written, node)
        texts = [leaf.text for leaf in key.options if leaf.text]
        if texts:
            return self.entry(base, next((text for text in texts if self.names.is_setting(text)), texts[0]), "", node)
        source = source_of(self.knowledge.subscripts, base.ref, written)
        if source is not None:
            return NOTHING
        if base.items is not None and base.items:
            return element_of(base)
        return Value(taints=tuple(taint for taint in base.taints if taint.kind in ("parameter", "manager")))

    def entry(self, base: Value, key: str | int, written: str, node: cst.CSTNode) -> Value:
        """Return the entry of a container under a constant key."""
        known = self.scope.find(f"{written}[{key!r}]") if written else None
        name = str(key)
        if known is not None:
            return self.named(known, name, node)
        if key == "headers" and written == "event":
            return Value(taints=(self.dump("the request's headers", node),))
        source = source_of(self.knowledge.subscripts, base.ref, written)
        if source is not None and isinstance(key, str):
            return self.from_source(source.kind, f"{source.says}, '{key}'", key, node)
        if base.items is not None:
            if key in base.items:
                return self.named(base.items[key], name, node)
            if base.items and isinstance(key, int) and key < 0 and key + len(base.items) in base.items:
                return base.items[key + len(base.items)]
        if isinstance(key, int):
            taints = tuple(taint for taint in base.taints if taint.kind != "dump")
            if base.ref.endswith("split()") and base.shown == "@":
                return CLEAN  # what stands behind the password
            is_text = not base.ref.endswith(("split()", "partition()", "[]")) and base.items is None
            kinds = {taint.kind for taint in taints}
            if is_text and not base.instance and kinds <= {"environment", "prompt", "literal", "name"}:
                taints = tuple(replace(taint, part=True) for taint in taints)
            return Value(ref=f"{base.ref}[]" if base.ref else "", taints=taints)
        lower = name.lower()
        keep = lower in self.knowledge.value_names or self.names.is_secret(name)
        taints = tuple(taint for taint in base.taints if taint.kind != "dump" and (keep or taint.kind == "parameter"))
        return self.named(Value(ref=f"{base.ref}[]" if base.ref else "", taints=taints if keep else ()), name, node)

    def from_source(self, kind: str, says: str, name: str, node: cst.CSTNode, *, always: bool = False) -> Value:
        """Return what a look-up returns: a secret, if that is what it is called."""
        if always or self.names.is_setting(name):
            return Value(ref=f"{kind}[]", taints=(Taint(kind, name, (Step(node, says),)),), shown=name)
        return Value(ref=f"{kind}[]")

    def _cut(self, base: Value, part: cst.Slice, node: cst.Subscript) -> Value:
        """Return `base[lower:upper:step]`: a few characters of a secret are only a part of it."""
        lower, upper, step = (
            self.evaluate(bound).const if bound is not None else None for bound in (part.lower, part.upper, part.step)
        )
        const = folding.cut(base.const, lower, upper, step)
        if const is not UNKNOWN:
            return Value(const=const, node=node, folded=True)
        if base.clean:
            return CLEAN
        if not base.taints or base.items is not None:
            return Value(taints=tuple(taint for taint in base.taints if taint.kind != "dump"))
        length = None
        if isinstance(upper, int) and upper >= 0 and isinstance(lower, int | None):
            length = upper - (lower or 0)
        elif upper is None and isinstance(lower, int) and lower < 0:
            length = -lower
        part_only = length is not None and length <= _PART
        taints = tuple(replace(taint, part=taint.part or part_only) for taint in base.taints if taint.kind != "dump")
        return Value(taints=taints)

    # --- texts --------------------------------------------------------------------------------------------------------

    def _string(self, node: cst.SimpleString) -> Value:
        value = Value(const=string_value(node), node=node)
        if value.text and "=" in value.text and len(value.text) < 2000:
            self.ledger.connection(value)
        if value.text and ("://" in value.text or "=" in value.text):
            urls.check(self, value, node)
        return value

    def _concatenated(self, node: cst.ConcatenatedString) -> Value:
        pieces: list[cst.CSTNode] = []
        current: cst.CSTNode = node
        while isinstance(current, cst.ConcatenatedString):
            pieces.append(current.left)
            current = current.right
        pieces.append(current)
        return self.built([self.evaluate(piece) for piece in pieces], node)

    def built(self, parts: list[Value], node: cst.CSTNode) -> Value:
        """Return the text that `parts` make; what it is, if it is constant, is looked at once more."""
        if parts and all(isinstance(part.const, bytes) for part in parts):
            joined = b"".join(part.const for part in parts if isinstance(part.const, bytes))
            value = Value(const=joined, node=node, folded=True)
        else:
            value = replace(text_of(parts), node=node)
        self.note_folded(value, parts)
        if value.parts or value.const is not UNKNOWN:
            urls.check(self, value, node)
        return value

    def note_folded(self, value: Value, pieces: Iterable[Value] = ()) -> None:
        """Have the rules for formats look at a constant that stands nowhere as it is."""
        if value.text is not None and value.node is not None:
            self.ledger.fold(value, [piece.node for piece in pieces if piece.node is not None])

    def _formatted(self, node: cst.FormattedString) -> Value:
        parts: list[Value] = []
        raw = "r" in node.start.lower().partition(node.start[-1])[0]
        for part in node.parts:
            if isinstance(part, cst.FormattedStringText):
                text = part.value.replace("{{", "{").replace("}}", "}")
                parts.append(Value(const=text if raw or "\\" not in text else unescape(text)))
            elif isinstance(part, cst.FormattedStringExpression):
                value = self.evaluate(part.expression)
                if part.equal is not None:
                    parts.append(Value(const=f"{dotted(part.expression)}="))
                parts.append(self._shown(value, part))
        return self.built(parts, node)

    def _shown(self, value: Value, part: cst.FormattedStringExpression) -> Value:
        """Return what a text shows of a value: all of it, or as many characters as its format asks for."""
        specification = "".join(
            piece.value for piece in part.format_spec or () if isinstance(piece, cst.FormattedStringText)
        )
        if value.clean:
            return value
        if not value.shown:
            value = replace(value, shown=comparisons.name_of(self, part.expression))
        cut = _PRECISION.search(specification)
        if cut and int(cut[1]) <= _PART:
            return Value(taints=tuple(replace(taint, part=True) for taint in value.taints))
        if value.text is not None and not part.conversion and not specification and isinstance(value.const, str):
            return value
        if isinstance(value.const, int | float) and not specification:
            return Value(const=str(value.const))
        if value.parts and not part.conversion:
            return value
        if value.options:
            return Value(taints=value.taints, options=value.options, shown=value.shown)
        return Value(ref=value.ref, taints=value.taints, shown=value.shown)

    def _number(self, node: cst.Integer | cst.Float) -> Value:
        try:
            return Value(const=int(node.value, 0) if isinstance(node, cst.Integer) and len(node.value) < 30 else 0.0)
        except ValueError:
            return CLEAN

    # --- operators ----------------------------------------------------------------------------------------------------

    def _binary(self, node: cst.BinaryOperation) -> Value:
        if isinstance(node.operator, cst.Add):
            operands: list[cst.BaseExpression] = []
            current: cst.BaseExpression = node
            while isinstance(current, cst.BinaryOperation) and isinstance(current.operator, cst.Add):
                operands.append(current.right)
                current = current.left
            operands.append(current)
            return self._sum([self._called(operand) for operand in reversed(operands)], node)
        left, right = self.evaluate(node.left), self.evaluate(node.right)
        if isinstance(node.operator, cst.Modulo):
            return self._percent(left, right, node)
        if isinstance(node.operator, cst.Multiply):
            const = folding.operation("*", left.const, right.const)
            if const is not UNKNOWN:
                return Value(const=const, node=node, folded=True)
            return Value(taints=left.taints) if left.taints and not _is_mask(left) else CLEAN
        if isinstance(node.operator, cst.BitOr) and (left.items is not None or right.items is not None):
            return self.union(left, right)
        if isinstance(node.operator, cst.Divide | cst.BitOr):
            return Value(taints=merge(left.taints, right.taints))
        return CLEAN

    def _called(self, node: cst.BaseExpression) -> Value:
        """Return an operand that knows what it is called, for the query of a URL that it may be put into."""
        value = self.evaluate(node)
        if value.text is None and not value.shown and isinstance(node, cst.Name | cst.Attribute):
            return replace(value, shown=comparisons.name_of(self, node))
        return value

    def union(self, left: Value, right: Value) -> Value:
        """Return `left | right` of dicts or sets."""
        if is_dict(left) or is_dict(right):
            return container({**(left.items or {}), **(right.items or {})}, "{}")
        entries = [*(left.items or {}).values(), *(right.items or {}).values()]
        return container(dict(enumerate(entries)), "[]")

    def _sum(self, values: list[Value], node: cst.CSTNode) -> Value:
        if any(value.items is not None for value in values):  # lists
            items: dict[object, Value] = {}
            for value in values:
                for entry in (value.items or {}).values():
                    items[len(items)] = entry
            return replace(container(items), taints=taints_of(values))
        if all(type(value.const) in (int, float, bool) for value in values):
            return CLEAN
        if any(len(value.leaves) > 1 and constants(value) for value in values) and len(values) == 2:
            return replace(self.built([first_option(value) for value in values], node), taints=taints_of(values))
        return self.built(values, node)

    def _percent(self, template: Value, right: Value, node: cst.CSTNode) -> Value:
        if template.text is None:
            return Value(taints=merge(template.taints, right.taints))
        if right.items is not None and all(isinstance(key, int) for key in right.items):
            arguments = list(right.items.values())
        else:
            arguments = [right]
        by_name = right.items if right.items is not None and any(isinstance(key, str) for key in right.items) else {}
        parts: list[Value] = []
        position = 0
        for text, name in folding.percent_pieces(template.text):
            parts.append(Value(const=text))
            if name is None:
                break
            if name:
                parts.append(by_name.get(name, NOTHING))
            else:
                argument = arguments[position] if position < len(arguments) else NOTHING
                parts.append(Value(const=str(argument.const)) if type(argument.const) is int else argument)
                position += 1
        if any(part.const is None or isinstance(part.const, bytes) for part in parts):
            parts = [part if isinstance(part.const, str) else Value(taints=part.taints) for part in parts]
        return self.built(parts, node)

    def format(self, template: str, arguments: list[Value], keywords: dict[str, Value], node: cst.CSTNode) -> Value:
        """Return `template.format(*arguments, **keywords)`."""
        pieces = folding.format_pieces(template)
        if pieces is None:
            return Value(taints=taints_of([*arguments, *keywords.values()]))
        parts: list[Value] = []
        position = 0
        for text, name, _specification in pieces:
            parts.append(Value(const=text))
            if name is None:
                continue
            first = re.split(r"[.\[]", name, maxsplit=1)[0]
            if not first or first.isdigit():
                number = int(first) if first else position
                position += 1
                value = arguments[number] if number < len(arguments) else NOTHING
            else:
                value = keywords.get(first, NOTHING)
            rest = name[len(first) :].strip("[].")
            if rest:
                value = (
                    self.entry(value, rest, "", node) if value.items is not None else self.named(NOTHING, rest, node)
                )
            parts.append(value if value.text is None or isinstance(value.const, str) else Value())
        return self.built(parts, node)

    def _unary(self, node: cst.UnaryOperation) -> Value:
        value = self.evaluate(node.expression)
        if isinstance(node.operator, cst.Minus) and isinstance(value.const, int):
            return Value(const=-value.const)
        return CLEAN

    def _boolean(self, node: cst.BooleanOperation) -> Value:
        operands: list[cst.BaseExpression] = []
        current: cst.BaseExpression = node
        kind = type(node.operator)
        while isinstance(current, cst.BooleanOperation) and type(current.operator) is kind:
            operands.append(current.right)
            current = current.left
        operands.append(current)
        values = [self.evaluate(operand) for operand in reversed(operands)]
        if kind is cst.And:
            return values[-1]
        name = next((taint.name for value in values[:-1] for taint in value.taints if taint.kind == "environment"), "")
        if name:
            self.literal(name, values[-1], "default", rule="default-credential")
        result = values[0]
        for value in values[1:]:
            result = join(result, value)
        return result

    def _comparison(self, node: cst.Comparison) -> Value:
        comparisons.check(self, node)
        return CLEAN

    def _conditional(self, node: cst.IfExp) -> Value:
        self.evaluate(node.test)
        return join(self.evaluate(node.body), self.evaluate(node.orelse))

    def _await(self, node: cst.Await) -> Value:
        return self.evaluate(node.expression)

    def _yield(self, node: cst.Yield) -> Value:
        inner = node.value.item if isinstance(node.value, cst.From) else node.value
        value = self.evaluate(inner)
        if self.function is not None and inner is not None:
            self.function.is_generator = True
            inner_value = element_of(value) if isinstance(node.value, cst.From) else value
            before = self.function.summary.returns
            self.function.summary.returns = join(before, inner_value) if before else inner_value
        return NOTHING

    def _walrus(self, node: cst.NamedExpr) -> Value:
        value = self.evaluate(node.value)
        self.assign(node.target, value)
        return value

    # --- containers ---------------------------------------------------------------------------------------------------

    def _sequence(self, node: cst.List | cst.Tuple | cst.Set) -> Value:
        items: dict[object, Value] = {}
        taints: tuple[Taint, ...] = ()
        option = ""
        for element in node.elements:
            value = self.evaluate(element.value)
            if isinstance(element, cst.StarredElement):
                taints = merge(taints, value.taints)
                for entry in (value.items or {}).values():
                    items[len(items)] = entry
                continue
            items[len(items)] = value
            if option:
                self.literal(option, value, "option")
            option = value.const.strip("-") if isinstance(value.const, str) and value.const.startswith("-") else ""
            if "=" in option:
                calls.check_option(self, value)
                option = ""
        result = container(items, "[]")
        if (
            isinstance(node, cst.Tuple)
            and len(items) == 2
            and isinstance(items[0].const, str)
            and not self.names.is_secret(items[1].text or "")
        ):
            self.literal(items[0].const, items[1], "pair")
        return result.with_taints(taints) if taints else result

    def _dict(self, node: cst.Dict) -> Value:
        items: dict[object, Value] = {}
        taints: tuple[Taint, ...] = ()
        for element in node.elements:
            if isinstance(element, cst.StarredDictElement):
                value = self.evaluate(element.value)
                items.update(value.items or {})
                if value.items is None:
                    taints = merge(taints, value.taints)
                continue
            assert isinstance(element, cst.DictElement)
            key, value = self.evaluate(element.key), self.evaluate(element.value)
            if isinstance(key.const, str | int | bytes):
                items[key.const] = value
                if key.text is not None:
                    self.literal(key.text, value, "colon")
            else:
                name = dotted(element.key).rpartition(".")[2]
                if name.isupper():  # CONF_PASSWORD: "x"
                    self.literal(name, value, "colon")
                items[element] = value
        if len(items) == 2 and {"key", "value"} == {str(key).lower() for key in items}:
            lower = {str(key).lower(): value for key, value in items.items()}
            if isinstance(lower["key"].const, str):
                self.literal(lower["key"].const, lower["value"], "colon")
        if "name" in items and "value" in items and isinstance(items["name"].const, str):
            self.literal(items["name"].const, items["value"], "colon")
        result = container(items, "{}")
        return result.with_taints(taints) if taints else result

    def _comprehension(self, node: cst.ListComp | cst.SetComp | cst.GeneratorExp | cst.DictComp) -> Value:
        before = self.scope
        self.scope = Scope(before)
        clause: cst.CompFor | None = node.for_in
        if not isinstance(node, cst.DictComp) and (spelled := self._spelled_out(node)) is not None:
            self.scope = before
            return spelled
        filtered = False
        while clause is not None:
            self.assign(clause.target, element_of(self.evaluate(clause.iter)))
            for test in clause.ifs:
                self.evaluate(test.test)
                filtered = filtered or self._leaves_out(test.test)
            clause = clause.inner_for_in
        if isinstance(node, cst.DictComp):
            self.evaluate(node.key)
            value = self.evaluate(node.value)
        else:
            value = self.evaluate(node.elt)
        self.scope = before
        if isinstance(node, cst.DictComp):
            return Value(ref="{}", taints=() if filtered else value.taints, clean=filtered or not value.taints)
        target = node.for_in.target  # all characters of a secret are the secret
        whole = isinstance(node.elt, cst.Name) and isinstance(target, cst.Name) and target.value == node.elt.value
        taints = tuple(replace(taint, part=False) for taint in value.taints) if whole else value.taints
        return Value(ref="[]", taints=taints, options=(value,) if value.const is not UNKNOWN else (), clean=not taints)

    def _spelled_out(self, node: cst.ListComp | cst.SetComp | cst.GeneratorExp) -> Value | None:
        """Return what a comprehension over a list of constants makes."""
        clause = node.for_in
        iterated = self.evaluate(clause.iter)
        entries = list((iterated.items or {}).values())
        if clause.inner_for_in or clause.ifs or not 0 < len(entries) <= 256 or iterated.ref != "[]":
            return None
        if any(entry.const is UNKNOWN for entry in entries):
            return None
        items: dict[object, Value] = {}
        for entry in entries:
            self.assign(clause.target, entry)
            items[len(items)] = self.evaluate(node.elt)
        return container(items, "[]")

    def _leaves_out(self, test: cst.BaseExpression) -> bool:
        """Tell whether a filter leaves out the entries with the name of a secret."""
        if isinstance(test, cst.Comparison):
            operator = test.comparisons[0].operator
            other = self.evaluate(test.comparisons[0].comparator)
            texts = [other.const, *(entry.const for entry in (other.items or {}).values())]
            named = [text for text in texts if isinstance(text, str)]
            return isinstance(operator, cst.NotEqual | cst.NotIn | cst.In) and (
                any(map(self.names.is_setting, named)) != isinstance(operator, cst.In)
                or "secret" in dotted(test.comparisons[0].comparator).lower()
            )
        return isinstance(test, cst.UnaryOperation | cst.Call) and bool(
            re.search(
                r"(?i)secret|sensitive|private|redact|safe|allowed",
                dotted(test.expression if isinstance(test, cst.UnaryOperation) else test),
            )
        )

    def _lambda(self, node: cst.Lambda) -> Value:
        return self.define(node, "<lambda>")

    def define(self, node: cst.FunctionDef | cst.Lambda, name: str) -> Value:
        """Return the value of a function."""
        raise NotImplementedError

    # --- assignment ---------------------------------------------------------------------------------------------------

    def assign(self, target: cst.CSTNode, value: Value) -> None:
        """Bind a target to a value."""
        if isinstance(target, cst.Name):
            self.literal(target.value, value, "assign")
            if value.taints and not _SAYS_CLEAN.isdisjoint(words(target.value)):
                value = CLEAN  # hashed_token, masked_key: nobody calls a secret so
            self.scope.bind(target.value, stepped(value, target, f"assigned to '{target.value}'"))
        elif isinstance(target, cst.Attribute):
            self._assign_attribute(target, value)
        elif isinstance(target, cst.Subscript):
            self._assign_entry(target, value)
        elif isinstance(target, cst.Tuple | cst.List):
            self._unpack(target, value)
        elif isinstance(target, cst.StarredElement):
            self.assign(target.value, value)

    def _assign_attribute(self, target: cst.Attribute, value: Value) -> None:
        name = target.attr.value
        base = self.evaluate(target.value)
        self.literal(name, value, "assign")
        if name in ("auth", "basic_auth", "http_auth") and value.items is not None:
            self.literal("password", value.items.get(1, NOTHING), "call", sdk=True)
        if name in ("params", "query") and base.instance is None:
            requests.query(self, target, value)
        ref = f"{base.ref}.{name}" if base.ref else ""
        if ref in ("stripe.api_key", "openai.api_key") or ref.endswith(".api_key"):
            self.literal(name, value, "assign", sdk=True)
        written = dotted(target)
        value = stepped(value, target, f"assigned to '{written or name}'")
        if written and "(" not in written:
            self.scope.bind(written, value)
        if base.instance is not None:
            if not (isinstance(target.value, cst.Name) and base.ref == "self"):
                self.keep_attribute(base.instance, name, value)
            for taint in value.taints:
                if taint.owner is not None and taint.owner.owner is base.instance:
                    taint.owner.summary.stored.setdefault(taint.index, set()).add(name)

    def keep_attribute(self, owner: Class, name: str, value: Value) -> None:
        """Remember what an attribute may hold in any object of a class."""
        kept = replace(
            value, taints=tuple(taint for taint in value.taints if taint.kind != "parameter"), is_parameter=False
        )
        before = owner.attributes.get(name)
        owner.attributes[name] = kept if before is None else join(before, kept)

    def _assign_entry(self, target: cst.Subscript, value: Value) -> None:
        base = self.evaluate(target.value)
        if len(target.slice) != 1 or not isinstance(target.slice[0].slice, cst.Index):
            return
        key = self.evaluate(target.slice[0].slice.value)
        name = key.const if isinstance(key.const, str) else dotted(target.slice[0].slice.value).rpartition(".")[2]
        if key.const is UNKNOWN and not name.isupper():
            name = ""
        written = dotted(target.value)
        if name:
            self.literal(name, value, "assign")
            if written.rpartition(".")[2] in ("params", "args") and "." in written and not written.startswith("self."):
                requests.query(self, target, container({name: value}))
        value = stepped(value, target, f"put into '{written}'" if written else "put into a container")
        if written and "(" not in written:
            if isinstance(key.const, str | int):
                known = self.scope.find(written)
                if known is not None:
                    if known.items is not None and len(known.items) < MOST_ITEMS:
                        items = {**known.items, key.const: value}
                        self.scope.put(written, replace(known, items=items, taints=taints_of(items.values())))
                    else:
                        self.scope.put(written, replace(known, items=None, taints=merge(known.taints, value.taints)))
                self.scope.put(f"{written}[{key.const!r}]", value)
            elif value.taints:
                self.absorb(target.value, base, (value,))
                known = self.scope.names.get(written)
                if known is not None and not known.items and not known.ref:
                    self.scope.put(written, replace(known, ref="{}"))

    def absorb(self, place: cst.CSTNode, base: Value, values: Iterable[Value]) -> None:
        """Put values into a container without a key: what it is called by holds them from now on."""
        written = dotted(place)
        taints = taints_of(values)
        if written and "(" not in written and taints:
            known = self.scope.find(written) or base
            self.scope.put(written, replace(known, taints=merge(known.taints, taints)))

    def _unpack(self, target: cst.Tuple | cst.List, value: Value) -> None:
        elements = [element.value for element in target.elements]
        secret = any(isinstance(one, cst.Name) and self.names.is_secret(one.value) for one in elements) or (
            len(elements) > 1 and all(taint.kind == "name" for taint in value.taints)
        )
        for number, element in enumerate(target.elements):
            if isinstance(element, cst.StarredElement):
                if value.items is not None:
                    rest = [entry for key, entry in value.items.items() if isinstance(key, int) and key >= number]
                    rest = rest[: len(rest) - (len(target.elements) - number - 1)]
                    self.assign(element.value, container(dict(enumerate(rest)), "[]"))
                else:
                    self.assign(element.value, Value(taints=value.taints))
            elif value.clean:
                self.assign(element.value, CLEAN)
            elif value.items is not None and number in value.items:
                self.assign(element.value, value.items[number])
            else:
                taints = tuple(taint for taint in value.taints if taint.kind != "parameter" or len(target.elements) < 3)
                if secret and not (isinstance(element.value, cst.Name) and self.names.is_secret(element.value.value)):
                    taints = ()
                inner = Value(ref=f"{value.ref}[]" if value.ref else "", taints=taints)
                self.assign(element.value, inner if value.items is None else NOTHING)

    # --- what is found ------------------------------------------------------------------------------------------------

    def literal(
        self, name: str, value: Value, form: str, *, sdk: bool = False, rule: str = "hardcoded-credential"
    ) -> None:
        """Have the constants that a value may be weighed under a name."""
        masked = value.masked
        for leaf in (*value.leaves, *(masked.leaves if masked is not None else ())):
            if leaf.text is not None and leaf.node is not None:
                self.ledger.literal(name, leaf, form, sdk=sdk, rule=rule)
            elif leaf.items and form != "pair" and self.ledger.is_plural(name):
                for entry in leaf.items.values():
                    if entry.text is not None and entry.node is not None:
                        self.ledger.literal(name, entry, "list", sdk=False, rule=rule)

    def sink(self, rule: str, place: cst.CSTNode, value: Value, says: str) -> None:
        """Report the secrets in a value that is handed to a sink; those of parameters are the callers' to report."""
        for taint in value.taints:
            self.sink_taint(rule, place, taint, says)

    def sink_taint(self, rule: str, place: cst.CSTNode, taint: Taint, says: str) -> None:
        if taint.kind == "parameter":
            assert taint.owner is not None
            effect = Effect(taint.index, rule, place, says, taint.steps, taint.part)
            taint.owner.summary.effects.setdefault((taint.index, rule, id(place), taint.part), effect)
            return
        self.ledger.flow(rule, place, taint, says)

    def _call(self, node: cst.Call) -> Value:
        return calls.evaluate(self, node)


def stepped(value: Value, place: cst.CSTNode, says: str) -> Value:
    """Return a value one step further on its way."""
    if not value.taints:
        return value
    return replace(value, taints=tuple(taint.step(place, says) for taint in value.taints))


def first_option(value: Value) -> Value:
    return next(constants(value), value)


def _is_mask(value: Value) -> bool:
    return isinstance(value.const, str) and not value.const.strip("*x•.-#")


def string_value(node: cst.SimpleString) -> Const:
    """Return the value of a string literal."""
    text = node.value
    start = 0
    while text[start] not in "\"'":
        start += 1
    prefix = text[:start].lower()
    quote = 3 if text[start : start + 3] in ('"""', "'''") and len(text) >= start + 6 else 1
    body = text[start + quote : len(text) - quote]
    if "b" in prefix:
        if "\\" not in body or "r" in prefix:
            return body.encode("latin-1", "replace")
    elif "\\" not in body or "r" in prefix:
        return body
    try:
        value = node.evaluated_value
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return body
    return value if isinstance(value, str | bytes) else body


def unescape(text: str) -> str:
    """Return the text of a piece of an f-string."""
    try:
        return re.sub(
            r"\\(?:[\\'\"abfnrtv]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[0-7]{1,3})",
            lambda found: found[0].encode().decode("unicode_escape"),
            text,
        )
    except UnicodeDecodeError:
        return text
