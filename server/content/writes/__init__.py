"""The statements by which content is written: each takes a whole batch, inside the one transaction of `transaction`.

Only modules of `content` that write (`publishing`, `withdrawal`, `evidence`, `disclaimers`, `turns`, `files`) import
them.
"""
