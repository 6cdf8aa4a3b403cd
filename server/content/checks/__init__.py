"""What a draft must be like to be published: the one gate, whoever wrote the draft.

`publishing` asks it, and an importer may beforehand. A check refuses with the place in the draft, and changes nothing.
"""
