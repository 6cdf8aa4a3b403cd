"""Search by meaning, an extra: answers whose question and opening mean what is asked, in whatever words.

`folder` finds a model on this machine and `model` runs it, the one module that imports what the extra `semantic`
brings: it is loaded where `CAVEAT_SEMANTIC_MODEL` is set, and nowhere else. `worker` keeps a vector of each published
answer in Postgres, in step with the outbox; `nearness` finds those that are nearest to a question; `fusing` puts them
among what the index finds.

`search` and what may import it may import all of it but `model`. The vectors lie in Postgres, once for all machines,
since they cost a hundred times what an entry of the index costs to make.
"""
