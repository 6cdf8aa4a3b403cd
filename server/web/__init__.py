"""HTTP and WebSocket, and nothing else: decodes what comes, encodes what goes. Imported by app alone.

What is decided about an operation is decided in execution, so that HTTP, WebSocket and event streams decide alike.
"""
