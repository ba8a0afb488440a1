"""WordNet's synsets as sentences: definitions both ways, examples, kinds, parts, synonyms, opposites."""

import re

from text import sentence

POINTERS = {"@": "kind", "@i": "kind", "#p": "part", "#m": "member", "#s": "substance", "!": "opposite"}
ANIMAL, PLANT = "05", "20"
KINDS = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}
COUNTED = re.compile(r"(a|an|any|someone|one|each)\b")


def name(lemma):
    return re.sub(r"\((a|p|ip)\)$", "", lemma).replace("_", " ")


def a(noun):
    """With the article that it begins with; a name has none."""
    if noun[0].isupper() or noun[0].isdigit():
        return noun
    return ("an " if noun[0].lower() in "aeiou" else "a ") + noun


def read(folder):
    """All synsets by type and offset."""
    synsets = {}
    for letter, file in KINDS.items():
        with open(folder / f"data.{file}", encoding="latin-1") as lines:
            for line in lines:
                if line.startswith("  "):
                    continue
                data, gloss = line.split(" | ", 1)
                fields = data.split()
                count = int(fields[3], 16)
                lemmas = [name(fields[4 + 2 * i]) for i in range(count)]
                rest = fields[4 + 2 * count:]
                pointers = [(rest[1 + 4 * i], rest[3 + 4 * i], rest[2 + 4 * i], rest[4 + 4 * i]) for i in range(int(rest[0]))]
                synsets[letter, fields[0]] = (lemmas, pointers, gloss.strip(), fields[1])
    return synsets


def split_gloss(gloss):
    """The definition, without what stands in brackets, and the examples in quotes."""
    examples = re.findall(r'"([^"]+)"', gloss)
    definition = re.sub(r'"[^"]*"', "", gloss)
    definition = re.sub(r"\([^)]*\)", "", definition)
    definition = [part.strip() for part in definition.split(";") if re.search(r"\w", part)]
    return (re.sub(r"\s+", " ", definition[0]).strip(" ,") if definition else ""), examples


def definitions(letter, lemmas, meaning):
    """The definition of each name."""
    for lemma in lemmas:
        if letter == "n":
            yield f"{a(lemma) if COUNTED.match(meaning) else lemma} is {meaning}"
        elif letter == "v":
            yield f"To {lemma} is to {meaning}"
        else:
            yield f"{lemma} means {meaning}"


def reverse(letter, lemmas, meaning):
    """The definition first, the word at the end."""
    if letter == "n":
        return f"{meaning} is called {a(lemmas[0]) if COUNTED.match(meaning) else lemmas[0]}"
    if letter == "v":
        return f"To {meaning} is to {lemmas[0]}"
    return f"What is {meaning} is {lemmas[0]}" if letter == "a" else ""


def relations(synsets, letter, lemmas, pointers):
    first = lemmas[0]
    for pointer, kind, offset, place in pointers:
        other = synsets.get((kind if kind != "s" else "a", offset))
        relation = POINTERS.get(pointer)
        if other is None or relation is None:
            continue
        target = other[0][0]
        if relation == "kind" and letter == "n":
            yield f"{a(first)} is {a(target)}" if pointer == "@i" else f"{a(first)} is a kind of {target}"
        elif relation == "kind" and letter == "v":
            yield f"To {first} is a way to {target}"
        elif relation == "part":
            yield f"{a(first)} is part of {a(target)}"
        elif relation == "member":
            yield f"{a(first)} belongs to {a(target)}"
        elif relation == "substance":
            yield f"{a(target)} is made of {first}"
        elif relation == "opposite":
            source, aim = int(place[:2], 16), int(place[2:], 16)
            if source and aim:
                yield f"The opposite of {lemmas[source - 1]} is {other[0][aim - 1]}"
                yield f"{lemmas[source - 1]} is the opposite of {other[0][aim - 1]}"


def sentences(folder, known):
    """Lists of sentences, each of one kind, in WordNet's order: of words that are `known`, and the definitions of names."""
    synsets = read(folder)
    lists = {kind: [] for kind in ("definitions", "reversed", "examples", "relations", "synonyms")}
    for (letter, _), (lemmas, pointers, gloss, file) in synsets.items():
        meaning, examples = split_gloss(gloss)
        is_known = all(word.lower() in known for word in re.findall(r"[A-Za-z]+", lemmas[0]))
        is_name = lemmas[0][0].isupper() and file not in (ANIMAL, PLANT)
        if not meaning or not (is_known or is_name) or any(c.isdigit() for c in lemmas[0]):
            continue
        lists["definitions"] += definitions(letter, lemmas[:2] if is_known else lemmas[:1], meaning)
        lists["examples"] += [example for example in examples if len(example.split()) >= 4]
        if is_known:
            lists["reversed"].append(reverse(letter, lemmas, meaning))
            lists["relations"] += relations(synsets, letter, lemmas, pointers)
            lists["synonyms"] += [f"{'to ' if letter == 'v' else ''}{lemmas[0]} is also called {'to ' if letter == 'v' else ''}{other}" if letter in "nv" else f"Another word for {lemmas[0]} is {other}" for other in lemmas[1:3]]
    return {kind: [text for text in map(sentence, found) if text] for kind, found in lists.items()}
