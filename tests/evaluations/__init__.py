"""How good the advice is: tables for people, printed by ``make evaluate``."""
