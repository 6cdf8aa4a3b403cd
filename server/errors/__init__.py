"""Every error that Caveat raises on purpose: a name, a docstring that is its message, and a stable code.

Clients branch on the code. An error is raised with a message of its own where the docstring can't say what was wrong,
where, and what to do next; never with SQL, a path of the server or a key in it. Everybody may import it: a module is a
family, which grows by itself, and `root` is what they all are.
"""
