"""The body of the function of a selection: what is read, then the object of the result, then what is waited for."""

from asyncio import Future
from types import CoroutineType

from graphql import GraphQLObjectType, GraphQLOutputType, is_non_null_type
from graphql.execution.collect_fields import FieldDetailsList
from graphql.pyutils import is_awaitable

from server.execution.compiler.pieces import Sheet
from server.execution.compiler.values import Place, Values
from server.execution.compiler.waits import Wait


class Body:
    """The fields of one selection, as they are written one after another."""

    def __init__(self, sheet: Sheet, parent: GraphQLObjectType, *, values: Values) -> None:
        self.sheet = sheet
        self.parent = parent
        self.waits = False
        """Whether any of them waits, or leads to one that does."""
        self._values = values
        self._names = 0
        self._entries: list[str] = []
        self._last: list[str] = []

    def add(self, key: str, expression: str) -> None:
        """Adds a field that is there already."""
        self._entries.append(f"{self.sheet.bind(key)}: {expression}")

    def add_value(self, key: str, source: str, *, type_: GraphQLOutputType, details: FieldDetailsList) -> None:
        """Adds a field that is read and completed at once."""
        name = self._name("v")
        self.sheet.line(f"{name} = {source}")
        place = Place(name=name)
        if self._values.waits(type_, details):
            self.waits = True
            place = Place(name=name, path=self._path(key))
        self.add(key, self._values.expression(self.sheet, type_, details=details, place=place))

    def add_wait(self, wait: Wait, source: str) -> None:
        """Adds a field that may have to be waited for; null stands for it until then."""
        self.waits = True
        bind, name = self.sheet.bind, self._name("v")
        self.add(wait.key, "None")
        path = self._path(wait.key)
        null = "n" if is_non_null_type(wait.type) else path
        value = f"r[{bind(wait.key)}] = {bind(wait.value)}(s, {{}}, {path}, {null}, t)"
        waits = f"{name}.__class__ is {bind(CoroutineType)} or {bind(is_awaitable)}({name})"
        self._last += [
            f"{name} = {source}",
            f"if {name}.__class__ is {bind(Future)} and {name}.done(): {value.format(f'{name}.result()')}",
            f"elif {waits}: t.append(({bind(wait)}, {name}, r, p, n))",
            f"else: {value.format(name)}",
        ]

    def finish(self) -> None:
        """Ends the function."""
        result = f"{{{', '.join(self._entries)}}}"
        if not self._last:
            self.sheet.line(f"return {result}")
            return
        self.sheet.line(f"r = {result}")
        for line in [*self._last, "return r"]:
            self.sheet.line(line)

    def _path(self, key: str) -> str:
        name = self._name("q")
        self.sheet.line(f"{name} = (p, {self.sheet.bind(key)})")
        return name

    def _name(self, letter: str) -> str:
        self._names += 1
        return f"{letter}{self._names}"
