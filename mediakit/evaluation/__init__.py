"""How good a result is: a record measured against what was really said."""
