"""What a break between two words costs, from the best to the worst.

The scale is free; only the order and the distances matter. PLAIN is a break with nothing for or against it.
"""

from __future__ import annotations

SENTENCE_END = 0.0
SEGMENT_END = 8.0
CLAUSE_END = 14.0
COMMA = 20.0
BEFORE_CONJUNCTION = 30.0
BEFORE_PREPOSITION = 44.0
BEFORE_PREDICATE = 42.0
AFTER_REPORT = 34.0
PLAIN = 70.0
POOR = 110.0
#: A word that leads on to the next is left hanging: wrong, though nothing is torn.
HANGING = 220.0
#: From here on it must not be, whatever else suffers: only what is longer than a line is broken there.
FORBIDDEN = 1000.0
INSIDE_NAME = 1200.0
#: A pause of half a second or more makes a break this much cheaper, a shorter one in proportion.
PAUSE_BONUS = 30.0
FULL_PAUSE_MS = 500
