"""What all sources share: cleaning of characters, sentences, paragraphs, and the questions that must not be trained on."""

import json
import re

KEPT = re.compile(r"[^\n -~¡-ÿœŒ‘’“”–—…•€]")
SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f]+")


def clean(line):
    """One line of text: known characters, single spaces."""
    return SPACES.sub(" ", KEPT.sub("", SPACES.sub(" ", line).replace("\u00ad", ""))).strip()


def is_prose(paragraph):
    """Whether a paragraph is language: mostly letters, in several words."""
    letters = sum(c.isalpha() or c == " " for c in paragraph)
    return len(paragraph.split()) >= 4 and letters >= 0.85 * len(paragraph)


def sentence(text):
    """A capital at the start and a full stop at the end."""
    text = clean(text).rstrip(" ;,:")
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".!?\"'”)" else ".")


def words(text):
    return re.findall(r"[a-z0-9]+", text.lower())


class Questions:
    """The cloze questions: their sentences, with any word in the place of the mask, are taken out of every text."""

    def __init__(self, path):
        self.anchors = {}
        self.removed = 0
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                before, after = json.loads(line)["text"].split("[MASK]")
                before, after = words(before), words(after)
                size = 3 if max(len(before), len(after)) >= 3 else max(len(before), len(after))
                anchor = tuple(before[:size] if len(before) >= size else after[:size])
                self.anchors.setdefault(anchor, []).append(
                    re.compile(" " + " ".join(before + [r"\w+"] + after) + " "))
        self.sizes = sorted({len(anchor) for anchor in self.anchors})

    def holds(self, text):
        """Whether the sentence of a question is in a text, whatever stands in the place of its mask."""
        found = words(text)
        joined = None
        for size in self.sizes:
            for anchor in zip(*(found[i:] for i in range(size))):
                for pattern in self.anchors.get(anchor, ()):
                    joined = joined or " " + " ".join(found) + " "
                    if pattern.search(joined):
                        return True
        return False

    def strike(self, paragraph):
        """The paragraph without the sentences that hold a question."""
        if not self.holds(paragraph):
            return paragraph
        parts = re.split(r"(?<=[.!?\"”])\s+", paragraph)
        kept = [part for part in parts if not self.holds(part)]
        rest = " ".join(kept)
        self.removed += 1
        return "" if self.holds(rest) else rest
