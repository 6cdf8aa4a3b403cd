"""Values that options of several commands take."""

import datetime

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


class Moment(click.ParamType[datetime.datetime]):
    """A date, whose beginning in UTC is meant, or a moment in ISO 8601."""

    name = "date"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> datetime.datetime:
        """The moment, in UTC where the text names no offset; one that is malformed is misuse."""
        try:
            moment = datetime.datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"`{value}` is no date such as 2027-01-31.", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
