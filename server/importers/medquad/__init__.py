"""Files of MedQuAD, questions and answers of NIH institutes as XML, read by their form.

`documents` reads the XML, `pieces` what stands together in an answer's text, `sections`, `headings`, `lists` and
`tables` what it is; `reading` puts them together. The text has lost its marks but for runs of spaces, dashes and blank
lines: where these leave doubt, it stays as a paragraph, for no word is ever lost.
"""
