"""What was served: by client and day, which answers at which revision through which document, and which fields.

An answer counts as served when its disclaimers went out, which no content goes without; one that is retracted does not,
for its notice is all that goes out. Neither addresses nor what readers typed are written.
"""
