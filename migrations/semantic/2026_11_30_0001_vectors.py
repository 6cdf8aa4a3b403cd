"""Keep the vectors of published answers, of each model apart, and how far each model has come.

The index of a model's vectors is made with the model, for it needs their length. What a vector was made of must not be
kept in any form once the answer is retracted or erased, whether the extra is in use at that moment or not: therefore a
trigger, and no key that refers to the answer, which would stand in the way of the other migrations.
"""

from alembic import op

revision = "0001"
down_revision = None

STATEMENTS = (
    "create extension if not exists vector",
    """create table semantic.model (
        number smallint generated always as identity,
        digest text collate "C" not null,
        dimension integer not null,
        position bigint not null,
        built_until uuid,
        used_at timestamptz not null,
        constraint pk_model primary key (number),
        constraint uq_model_digest unique (digest))""",
    """create table semantic.answer_vector (
        answer_id uuid not null,
        model smallint not null,
        digest bytea not null,
        embedding vector not null,
        constraint pk_answer_vector primary key (answer_id, model),
        constraint fk_answer_vector_model foreign key (model) references semantic.model (number))""",
    """create function semantic.forget_answer() returns trigger language plpgsql as $$
    begin
        delete from semantic.answer_vector where answer_id = old.id;
        return null;
    end $$""",
    """create trigger semantic_withdrawn after update of status on answer
        for each row when (new.status <> 'PUBLISHED') execute function semantic.forget_answer()""",
    """create trigger semantic_deleted after delete on answer
        for each row execute function semantic.forget_answer()""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("drop trigger semantic_deleted on answer")
    op.execute("drop trigger semantic_withdrawn on answer")
    op.execute("drop function semantic.forget_answer()")
    op.execute("drop table semantic.answer_vector")
    op.execute("drop table semantic.model")
