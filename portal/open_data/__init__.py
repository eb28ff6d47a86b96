"""What is public, as data that anyone may use: docs/decisions/0034.

`datasets` says what there is, and everything else is made from that: files, schemas, descriptions, the page.
"""
