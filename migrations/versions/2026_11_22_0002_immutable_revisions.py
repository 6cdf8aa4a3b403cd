"""Refuse every change of what was published.

The one way around is the erasure that the law may ask, which names the answer in `caveat.erasing` for its transaction.
"""

from alembic import op

revision = "0002"
down_revision = "0001"

FUNCTION = """
create function refuse_change() returns trigger language plpgsql as $$
declare
    subject text;
begin
    if tg_op = 'DELETE' then
        subject := case tg_table_name
            when 'revision' then to_jsonb(old) ->> 'answer_id'
            else (select answer_id from disclaimer where id = (to_jsonb(old) ->> 'disclaimer_id')::uuid)::text
        end;
        if subject = current_setting('caveat.erasing', true) then
            return old;
        end if;
    end if;
    raise exception using
        errcode = 'restrict_violation',
        message = format('a row of %s is never changed: write a new one', tg_table_name);
end
$$
"""


def upgrade() -> None:
    op.execute(FUNCTION)
    for table in ("revision", "disclaimer_version"):
        op.execute(
            f"create trigger {table}_is_immutable before update or delete on {table} "
            "for each row execute function refuse_change()"
        )
        op.execute(
            f"create trigger {table}_is_not_truncated before truncate on {table} "
            "for each statement execute function refuse_change()"
        )


def downgrade() -> None:
    for table in ("revision", "disclaimer_version"):
        op.execute(f"drop trigger {table}_is_immutable on {table}")
        op.execute(f"drop trigger {table}_is_not_truncated on {table}")
    op.execute("drop function refuse_change()")
