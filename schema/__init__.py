"""The public contract in Strawberry: what clients can ask, described; how it is found is the library's business.

`server.web` and above may import it. Types describe the domain objects of `server.content` and copy nothing: a field
reads an attribute, calls a plain function, or waits for a loader of the request's `context`.
"""
