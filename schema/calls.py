"""The plain function behind each field, for an executor that does without Strawberry's wrapping of it."""

from functools import partial
from typing import Any, TypeAlias

from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.arguments import StrawberryArgument, convert_arguments
from strawberry.types.base import StrawberryOptional
from strawberry.types.enum import StrawberryEnumDefinition
from strawberry.types.field import StrawberryField

from server.execution.compiler.marks import Call

Values: TypeAlias = dict[str, Any]


def call_of(field: StrawberryField, converter: GraphQLCoreConverter) -> Call | None:
    """The call that Strawberry would make; null where it does more than to call a function."""
    resolver = field.base_resolver
    if resolver is None or field.extensions or resolver.self_parameter or not callable(resolver.wrapped_func):
        return None
    parent = resolver.parent_parameter or resolver.root_parameter
    info = resolver.info_parameter
    return Call(
        function=resolver.wrapped_func,
        parent=parent.name if parent else None,
        info=info.name if info else None,
        convert=partial(_converted, arguments=field.arguments, converter=converter),
        parameters={
            converter.config.name_converter.from_argument(argument): argument.python_name
            for argument in field.arguments
            if _is_plain(argument.type, converter)
        },
    )


def _is_plain(type_: object, converter: GraphQLCoreConverter) -> bool:
    """Whether Strawberry passes values of a type as they are: scalars and enums, also where null may stand for them."""
    if type(type_) is StrawberryOptional:
        type_ = type_.of_type
    return isinstance(type_, StrawberryEnumDefinition) or type_ in (str, int, float, bool, *converter.scalar_registry)


def _converted(values: Values, *, arguments: list[StrawberryArgument], converter: GraphQLCoreConverter) -> Values:
    return convert_arguments(values, arguments, converter.scalar_registry, converter.config)
