"""The author's format: Markdown with YAML front matter that can say everything a draft holds, read and written.

`reading` and `writing` are its doors; `FORMAT.md` is its reference. What a draft can't hold (images, raw HTML,
code blocks) is refused with its line and never dropped, so that nothing an author wrote is lost without a word; what
`writing` writes is read back as the same draft.
"""
