"""Turns an operation into a plain Python function that gives what graphql-core would give. Imported by execution alone.

Only the way without a fault is written: leaves that fit, lists that are lists, objects of the classes that the schema
names. Whatever else is met (an exception, a null that may not be one, a value to be coerced in an odd way) ends the
attempt, and graphql-core completes that part from its value. So data and errors are graphql-core's by construction
wherever something goes wrong; a field that is an attribute or a plain function may be read twice then.

The source that is executed holds numbered names, and attributes and parameters that the schema names: nothing that a
client sent, which goes in as bound values. Closures were measured first: three times as slow.
"""
