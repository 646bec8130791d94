"""What is likely to be said next: log P(word | words before), in nats.

`ngram` is Vietnamese in general, `article` what one article lets expect, `mixture` weighs them for a stretch of speech;
`fusion` gives a beam what it asks for while it hears.
"""
