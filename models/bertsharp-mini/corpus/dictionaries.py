"""GCIDE, FOLDOC, the Jargon File and the Elements, from the files of dictd."""

import gzip
import re

from text import clean, is_prose, sentence
from wordnet import a

def entries(path):
    """Headword and body of each entry: a body is indented."""
    head, body = "", []
    for line in gzip.open(path, "rt", encoding="utf-8", errors="replace"):
        line = line.rstrip("\n")
        if line and not line[0].isspace():
            if head and body:
                yield head, "\n".join(body)
                body = []
            head = line
        elif head:
            body.append(line)
    if head and body:
        yield head, "\n".join(body)


def braces(text):
    return re.sub(r"[{}]", "", text)


def gcide(path, known):
    """The senses of words that are known, as sentences; what is marked as obsolete or rare is left out, and so are quotations."""
    for head, body in entries(path):
        match = re.match(r"([A-Za-z][A-Za-z' -]*?) \\[^\\]*\\(?:,| \(.*?\),?)? *((?:v\. [ti]|[a-z]+)\.)?", head)
        if not match or not all(word.lower() in known for word in re.findall(r"[A-Za-z]+", match[1])):
            continue
        word, part = match[1], match[2] or ""
        # Forms and etymology stand in brackets that may run over lines; what is left of the first line is the grammar.
        body = re.sub(r"\[(?!1913|PJC|WordNet|Obs|R\.|Prov|Scot|Archaic|Cant|Poetic)[^\]]*\]", "", head[match.end():] + "\n" + body).partition("\n")[2]
        for sense in re.split(r"\n\s*\n", body):
            indent = len(sense.lstrip("\n")) - len(sense.lstrip())
            sense = re.sub(r"\s+", " ", sense).strip()
            if indent > 6 or "(a)" in sense or sense.startswith(("Syn", "Usage", "Note", "{", "--", "[")) or not re.search(r"\[(1913 Webster|PJC|WordNet 1\.5)", sense):
                continue
            if re.search(r"\[(Obs|R|Prov|Scot|Archaic|Cant|Poetic)\b|derog|offensive|contempt", sense) or re.search(r" --[A-Z]\w+\. \[1913", sense) and not re.match(r"\d", sense):
                continue
            sense = re.sub(r"\s--\s?[A-Z][\w. ]*(?=\[|$)", " ", braces(sense))
            sense = re.sub(r"\[[^\]]*\]", "", sense)
            sense = re.sub(r"^(?:\d+\. |\([a-z]\) )*(?:\([A-Z][\w. &]*\) )?", "", sense.strip())
            meaning, _, example = sense.partition("; as, ")
            meaning = meaning.split("; -- ")[0].split(". See ")[0].strip(" .;")
            if len(meaning.split()) < 3 or not is_prose(meaning):
                continue
            meaning = meaning[0].lower() + meaning[1:]
            if part.startswith("v"):
                meaning = meaning if meaning.startswith("to ") else "to " + meaning
                yield sentence(f"To {word.lower()} means {meaning}")
            elif re.match(r"(a|an|any|one|the|that|something)\b", meaning) and part.startswith("n"):
                yield sentence(f"{a(word.lower())} is {meaning}")
            else:
                yield sentence(f"{word} means {meaning}")
            for phrase in example.split(";"):
                phrase = phrase.strip(" .")
                if re.match(r"(he|she|they|the|it|we|I) ", phrase) and 4 <= len(phrase.split()) <= 20:
                    yield sentence(phrase)


def articles(path):
    """The paragraphs of the prose dictionaries, with None between the entries."""
    for head, body in entries(path):
        yield None
        first = True
        for paragraph in re.split(r"\n\s*\n", body):
            text = re.sub(r"\s+", " ", braces(paragraph)).strip()
            text = re.sub(r"<[^>]*>|\(\d{4}-\d\d-\d\d\)|\[[^\]]*\]|\([^)]*(?:http|ftp)[^)]*\)", "", text).strip()
            if is_prose(text) and not text.startswith("See "):
                name = re.sub(r",? \\.*|, [a-z.]+$", "", head)
                yield clean(f"{name}: {text}" if first else text)
                first = False


def elements(path):
    """What is said of each chemical element, and its symbol and number as sentences."""
    text = gzip.open(path, "rt", encoding="utf-8", errors="replace").read()
    for match in re.finditer(r"\n([a-z]+)\nSymbol: (\w+)\nAtomic number: (\d+)\n[^\n]*\n(.*?)(?=\n\n|\Z)", text, re.DOTALL):
        name, symbol, number, rest = match.groups()
        yield f"{name.capitalize()} is a chemical element. Its symbol is {symbol} and its atomic number is {number}."
        yield clean(re.sub(r"\s+", " ", rest))
