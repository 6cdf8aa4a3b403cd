import pytest
from opentelemetry.trace import SpanKind, StatusCode

from server.db.tracing import TracedReads, summary
from server.errors.machine import DatabaseUnavailableError
from server.telemetry.exporting import ExportingTracer
from tests.telemetry.exported import Exported


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select 1", "SELECT"),
        ("\n-- one answer from nowhere\nselect a.id\nfrom answer a join revision r on true", "SELECT answer revision"),
        ("with wanted as (select id from topic), other (x) as (table y) select * from wanted, other", "SELECT topic"),
        ("insert into outbox values ($1)", "INSERT outbox"),
        (f"select 1 from {'a' * 300}", f"SELECT {'a' * 248}"),
    ],
)
def test_a_statement_is_summed_up_by_what_it_does_and_its_tables(sql, said):
    assert summary(sql) == said


async def test_a_read_is_a_span_without_its_text_and_its_values(database_url):
    exported = Exported()
    async with TracedReads(database_url, tracer=ExportingTracer(exported.provider)) as reads:
        assert await reads.fetch_value("select $1::text from answer limit 1", "a reader's word") is None

    opening, span = exported.spans()
    assert (opening.name, span.name, span.kind) == ("SELECT", "SELECT answer", SpanKind.CLIENT)
    assert span.attributes == {"db.system.name": "postgresql", "db.query.summary": "SELECT answer"}


async def test_a_read_that_fails_says_so_by_its_code(database_url):
    exported = Exported()
    reads = TracedReads(database_url, tracer=ExportingTracer(exported.provider))
    await reads.close()
    with pytest.raises(DatabaseUnavailableError):
        await reads.fetch("select 1")

    [span] = exported.spans()
    assert (span.status.status_code, span.attributes["error.type"]) == (StatusCode.ERROR, "DATABASE_UNAVAILABLE")
