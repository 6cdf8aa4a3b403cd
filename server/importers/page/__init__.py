"""Pages of plain text, as they are copied from a health site, read by their form.

Each module reads one thing: `lines` the bytes, `header` the question and what stands under it, `marks` and `signs`
what stands for layout, `listing` the lines of references, `pieces` what stands together, `notices`, `headings`,
`title` and `closing` what a passage is for, `lists`, `questions` and `steps` the blocks, `citing` the places that lean
on a source; `reading` puts them together. Where a page leaves doubt, its text stays as a paragraph: nothing is ever
lost.
"""
