"""Counting the keys of a JSON text, to notice equal ones."""


def keys_written(line: bytes) -> int:
    """How many keys the text of an object holds, at any depth; -1 where that takes a closer look.

    Decoders keep the last of two equal keys in silence; the number of keys tells. A key is counted by
    the quotation mark and colon behind it, so that blanks between the two, which no writer puts there,
    would spoil the count.
    """
    line = line.removesuffix(b"\r")
    return line.count(b'":') if keys_stand_plain(line) else -1


def keys_stand_plain(text: bytes) -> bool:
    """Whether surely no blank stands between a key and its colon."""
    return b" :" not in text and b"\t" not in text and b"\r" not in text
