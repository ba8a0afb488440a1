"""The novels: one file each, an empty line between paragraphs, two before a chapter."""

import re

from text import clean

HELD_OUT = ("Chesterton", "Gaskell", "Woolf")
HEADING = re.compile(r"^(chapter|book|part|volume) +([ivxlc]+|\d+|the|first|last|one|two|three)\b.{0,50}$|^[IVXLC]+\.?$", re.IGNORECASE)


def paragraphs(raw):
    """Paragraphs of a novel, and None before a chapter. Some files have a paragraph a line, others are wrapped."""
    lines = raw.lstrip("\ufeff").replace("\r", "").replace("\x0c", "\n\n").replace("_", "").split("\n")
    wrapped = sum(len(line) > 120 for line in lines) < 0.05 * len(lines)
    held = ""
    for line in lines:
        indented, line = line.startswith(("  ", "\t")), clean(line.replace("[Illustration]", ""))
        heading = HEADING.match(line) or (line.isupper() and len(line) < 60)
        if held and (not line or not wrapped or heading or indented):
            yield held
            held = ""
        if heading:
            yield None
            yield line
        elif line:
            # A word that was hyphenated at the end of a line is put together with its hyphen, as most of them have one.
            held = held + line if re.search(r"\w-$", held) else (held + " " + line).strip()
    if held:
        yield held


def texts(folder):
    """Name and paragraphs of each novel."""
    for path in sorted(folder.glob("*.txt")):
        yield path.stem, list(paragraphs(path.read_text(encoding="utf-8")))


def wikitext(path):
    """WikiText-2's own marks undone."""
    for line in path.read_text(encoding="utf-8").split("\n"):
        line = line.strip()
        if line.startswith("= ") and not line.startswith("= ="):
            yield None
        elif line and not line.startswith("="):
            line = re.sub(r" @(.)@ ", r"\1", line)
            line = re.sub(r" ([,.;:!?)'\]])", r"\1", line).replace("( ", "(").replace(" n't", "n't")
            line = re.sub(r'" ([^"]*?) "', r'"\1"', line)
            yield from [" ".join(part for part in re.split(r"(?<=[.!?])\s+", clean(line)) if "<unk>" not in part)]
