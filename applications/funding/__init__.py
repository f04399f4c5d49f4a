"""Financing plans: what they add up to, and the rules that bear on them. Pure; amounts are euros, in Decimal.

`plans` adds up and balances; `own_share` is the least that a local authority pays itself, with its exceptions;
`limits` cuts an aid by each rule in the order of `domain.md` §4.4; `verdicts` says all of it, on a plan and on several.
"""
