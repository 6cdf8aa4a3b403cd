"""What is asked over HL7's Infobutton and what is answered: a request's parameters in, a feed of answers out.

Imported by app alone, which hands it to the web as a callable. It lies within content, as the JSON-LD does, because a
feed is one more form that answers travel in, and none of its entries may travel without its disclaimers.
"""
