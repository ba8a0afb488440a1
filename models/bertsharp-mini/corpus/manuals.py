"""Manuals: pages of man, perl's pods, git's asciidoc, and HTML; paragraphs of prose, None between the documents."""

import gzip
import re
from html.parser import HTMLParser

from text import clean, is_prose


def man(folder):
    """Paragraphs of roff; tables, synopses and examples are no prose."""
    for path in sorted(folder.rglob("man*/*.gz")):
        if path.is_symlink():
            continue
        yield None
        held, skips = [], False
        for line in gzip.open(path, "rt", encoding="utf-8", errors="replace"):
            line = line.rstrip("\n")
            macro = re.match(r"[.'] *([A-Za-z]+) ?(.*)", line)
            if macro and macro[1] in ("nf", "EX", "TS"):
                skips = True
            elif macro and macro[1] in ("fi", "EE", "TE"):
                skips = False
            elif skips or line.startswith(("'\\\"", ".\\\"")):
                continue
            elif macro and macro[1] in ("B", "I", "BR", "RB", "IR", "RI", "BI", "IB", "SM", "SB"):
                joint = " " if len(macro[1]) == 1 or macro[1] in ("SM", "SB") else ""
                held.append(joint.join(part.strip('"') for part in re.findall(r'"[^"]*"|\S+', macro[2])))
            elif macro or not line.strip():
                yield from paragraph(held)
                held = []
            else:
                held.append(line)
        yield from paragraph(held)


def paragraph(lines):
    text = re.sub(r"\\f(\(..|.)|\\[&/,|^]|\\s[-+]?\d", "", " ".join(lines))
    for code, sign in ((r"\-", "-"), (r"\e", "\\"), (r"\(aq", "'"), (r"\(dq", '"'), (r"\(lq", '"'), (r"\(rq", '"'), (r"\(em", "—"), (r"\(en", "–"), (r"\(bu", ""), (r"\ ", " "), (r"\~", " ")):
        text = text.replace(code, sign)
    text = clean(re.sub(r"\\\(..|\\\[[^\]]*\]|\\.", "", text))
    if is_prose(text):
        yield text


def marked(paths, is_code):
    """Paragraphs of pods or asciidoc: marks taken off, what `is_code` says left out."""
    for path in sorted(paths):
        yield None
        for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8", errors="replace")):
            if is_code(block):
                continue
            text = re.sub(r"[A-Z]<<+ (.*?) >>+|[A-Z]<([^<>]*)>", lambda match: (match[1] or match[2]).split("|")[0], block)
            text = clean(re.sub(r"linkgit:([\w-]+)\[\d\]|[`{}]", r"\1", re.sub(r"\s+", " ", text)))
            if is_prose(text):
                yield text


class Paragraphs(HTMLParser):
    """The text of p, li, dd and td; without code blocks, scripts and navigation."""

    BLOCKS = {"p", "li", "dd", "dt", "h1", "h2", "h3", "h4", "td", "div", "section", "ul", "ol", "dl", "table"}
    SKIPPED = {"pre", "script", "style", "nav", "head"}

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found, self.text, self.depth = [], [], 0

    def flush(self):
        text = clean(re.sub(r"\s+", " ", "".join(self.text)).replace("¶", ""))
        self.text = []
        if is_prose(text) and len(text.split()) >= 6:
            self.found.append(text)

    def handle_starttag(self, tag, attrs):
        self.depth += tag in self.SKIPPED
        if tag in self.BLOCKS:
            self.flush()

    def handle_endtag(self, tag):
        self.depth -= tag in self.SKIPPED and self.depth > 0
        if tag in self.BLOCKS:
            self.flush()

    def handle_data(self, data):
        if self.depth == 0:
            self.text.append(data)


def html(paths):
    for path in sorted(paths):
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8", errors="replace") as file:
            parser = Paragraphs()
            parser.feed(file.read())
            parser.flush()
        yield None
        yield from parser.found
