"""Values that options of several commands take."""

import click
import langcodes
from langcodes.tag_parser import LanguageTagError


class Locale(click.ParamType[str]):
    """A language tag, in canonical form however it is typed."""

    name = "locale"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The tag in canonical form; one that is malformed is misuse."""
        try:
            return langcodes.standardize_tag(value)
        except LanguageTagError:
            self.fail(f"`{value}` is not a language tag such as en or es-MX.", param, ctx)
