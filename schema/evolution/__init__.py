"""How the schema changes, and whom that would break: what `caveat schema check` says.

Two schemas are compared (`differences`), documents say what they lean on (`uses`), and `verdict` brings both together.
Only `server.commands` imports it.
"""
