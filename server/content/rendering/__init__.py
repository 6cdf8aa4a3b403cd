"""Three forms of the content that say the same: the same words in the same order, as HTML, Markdown and plain text.

Every room from `content` up may import it. Each form is a module of pure functions with the same names, from the
published parts of a block to a string, so that what is nested is rendered once and its strings are reused. Marks of
layout (bullets, numbers, `Step 1`) are structure: HTML and Markdown have elements for them, text has lines.
"""
