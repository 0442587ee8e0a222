"""Counting the keys of a JSON text, to notice equal ones: decoders keep the last of two in silence."""


def holds_keys(text: bytes, keys: int) -> bool:
    """Whether the text of an object surely holds just that many keys, at any depth.

    A key is counted by the quotation mark and colon behind it, so that blanks between the two, which no
    writer puts there, would spoil the count.
    """
    text = text.removesuffix(b"\r")
    plain = b" :" not in text and b"\t" not in text and b"\r" not in text
    return plain and text.count(b'":') == keys
