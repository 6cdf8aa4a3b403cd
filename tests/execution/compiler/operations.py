"""Operations made by number: whatever can be asked of a schema, in any of the ways of asking for it."""

from random import Random

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
    Undefined,
    get_named_type,
    is_composite_type,
    is_enum_type,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
    parse,
    validate,
)

NUMBERS = ["0", "1", "-3", "7"]
VALUES = {"Int": [0, 5, None], "String": ["", "x", None], "Boolean": [True, False]}


class Asker:
    """Writes one operation."""

    def __init__(self, schema, seed):
        self.random = Random(f"operation {seed}")
        self.schema = schema
        self.fragments = {}
        self.variables = {}
        self.values = {}

    def operation(self):
        """The text and its variables."""
        body = self._selections(self.schema.query_type, 4)
        declared = [f"${name}: {type_}" for name, type_ in self.variables.items()]
        head = f"query Q({', '.join(declared)})" if declared else "query Q"
        return "\n".join([f"{head} {body}", *self.fragments.values()]), self.values

    def _selections(self, type_, depth):
        parts = [self._selection(type_, depth) for _ in range(self.random.randint(1, 4))]
        return f"{{ {' '.join(parts)} }}"

    def _selection(self, type_, depth):
        way = self.random.randrange(10)
        if way == 0 or isinstance(type_, GraphQLUnionType):
            if way < 3:
                return f"__typename{self._condition()}"
            return self._inline(type_, depth)
        if way < 3:
            return self._inline(type_, depth)
        if way < 4 and depth > 1:
            return self._spread(type_, depth)
        return self._field(type_, depth)

    def _inline(self, type_, depth):
        on = self._narrowed(type_)
        name = "" if on is type_ and self.random.random() < 0.5 else f"on {on.name} "
        return f"... {name}{self._condition()} {self._selections(on, depth - 1) if depth else '{ __typename }'}"

    def _spread(self, type_, depth):
        on = self._narrowed(type_)
        known = [name for name, text in self.fragments.items() if f" on {on.name} " in text]
        if known and self.random.random() < 0.5:
            return f"...{self.random.choice(known)}{self._condition()}"
        body = self._selections(on, depth - 1)
        name = f"F{len(self.fragments)}"
        self.fragments[name] = f"fragment {name} on {on.name} {body}"
        return f"...{name}{self._condition()}"

    def _narrowed(self, type_):
        if isinstance(type_, GraphQLObjectType):
            return self.random.choice([type_, *type_.interfaces])
        if isinstance(type_, GraphQLInterfaceType | GraphQLUnionType):
            return self.random.choice([type_, *self.schema.get_possible_types(type_)])
        return type_

    def _field(self, type_, depth):
        name, field = self.random.choice(list(type_.fields.items()))
        named = get_named_type(field.type)
        if is_composite_type(named) and depth <= 0:
            return "__typename"
        given = [f"{key}: {text}" for key, arg in field.args.items() if (text := self._argument(arg)) is not None]
        arguments = f"({', '.join(given)})" if given else ""
        alias = f"{name}{abs(hash_of(arguments))}: " if given or self.random.random() < 0.1 else ""
        inner = f" {self._selections(named, depth - 1)}" if is_composite_type(named) else ""
        return f"{alias}{name}{arguments}{self._condition()}{inner}"

    def _condition(self):
        directive = self.random.choice(["skip", "include"])
        match self.random.randrange(12):
            case 0:
                return f" @{directive}(if: {self.random.choice(['true', 'false'])})"
            case 1 | 2:
                name = f"c{self.random.randrange(3)}"
                self.variables[name] = "Boolean!"
                self.values[name] = Random(f"{name} {self.random.random()}").random() < 0.5
                return f" @{directive}(if: ${name})"
        return ""

    def _argument(self, argument):
        way = self.random.randrange(3)
        if way == 0:
            return None
        return self._variable(argument.type, argument.default_value) if way == 1 else self._literal(argument.type)

    def _variable(self, type_, default):
        name = f"v{len(self.variables)}"
        text, value = str(type_), self._json(type_)
        if is_non_null_type(type_) and default is not Undefined and self.random.random() < 0.5:
            text = f"{type_.of_type} = {self._literal(type_)}"
            value = self.random.choice([value, None, Undefined])
        self.variables[name] = text
        if value is not Undefined:
            self.values[name] = value
        return f"${name}"

    def _literal(self, type_):
        if is_non_null_type(type_):
            return self._literal(type_.of_type)
        if is_list_type(type_):
            return f"[{', '.join([self._literal(type_.of_type) for _ in range(self.random.randint(0, 2))])}]"
        if is_input_object_type(type_):
            names = list(type_.fields)
            picked = self.random.sample(names, 1 if type_.is_one_of else self.random.randint(0, len(names)))
            return f"{{{', '.join([f'{name}: {self._inner(type_.fields[name].type)}' for name in picked])}}}"
        if is_enum_type(type_):
            return self.random.choice(list(type_.values))
        return self.random.choice(NUMBERS) if type_.name == "Int" else self.random.choice(['""', '"x"', '"""y"""'])

    def _inner(self, type_):
        if self.random.random() < 0.2:
            return self._variable(type_, Undefined)
        return self._literal(type_)

    def _json(self, type_):
        if is_non_null_type(type_):
            while (value := self._json(type_.of_type)) is None or value is Undefined:
                pass
            return value
        if self.random.random() < 0.2:
            return self.random.choice([None, Undefined])
        if is_list_type(type_):
            return [self._json(type_.of_type) for _ in range(self.random.randint(0, 2))]
        if is_input_object_type(type_):
            names = list(type_.fields)
            picked = self.random.sample(names, 1 if type_.is_one_of else self.random.randint(0, len(names)))
            found = {name: self._json(type_.fields[name].type) for name in picked}
            return {name: value for name, value in found.items() if value is not Undefined}
        if is_enum_type(type_):
            return self.random.choice([*type_.values, "PUCE"])
        return self.random.choice(VALUES[type_.name])


def hash_of(text):
    """A number that is the same in every process."""
    return Random(text).randrange(1000)


def valid(schema, seed):
    """An operation that is valid, with its variables; null where the one of that number is not."""
    text, values = Asker(schema, seed).operation()
    document = parse(text)
    return None if validate(schema, document) else (text, document, values)
