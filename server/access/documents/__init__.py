"""Trusted documents: what a client registers beforehand, version by version, and asks for by id from then on.

Manifests are read by pure functions (`reading`), checked whole (`checking`) and kept (`keeping`); `serving` finds the
text that a request names. What makes a document valid is passed in: this room knows neither the schema nor its rules.
"""
