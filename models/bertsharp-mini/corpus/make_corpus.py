#!/usr/bin/env python3
"""Makes the text that bertsharp-mini is trained on; README.md says how, and lists the sources with their licences.

    python3 models/bertsharp-mini/corpus/make_corpus.py [SHARED]

SHARED holds data/corpus and cloze.jsonl (by default ../shared beside the repository). Debian's packages are fetched with
`apt-get download` and unpacked, never installed. Same packages, same bytes: manifest.json has the hash of every file.
"""

import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys

import dictionaries
import geography
import manuals
import novels
import wordnet
from text import Questions, clean, sentence

HERE = pathlib.Path(__file__).resolve().parent
SOURCES = json.loads((HERE / "sources.json").read_text(encoding="utf-8"))
RUNS = pathlib.Path(os.environ.get("BERTSHARP_RUNS") or pathlib.Path.home() / ".bertsharp" / "runs")
SENTENCES_A_GROUP = 40


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def unpack(package, folder):
    """Fetches a package in its listed version, checks its hash, and unpacks it."""
    source, target = SOURCES[package], folder / package
    if not target.exists():
        found = list(folder.glob(f"{package}_*.deb"))
        if not found:
            subprocess.run(["apt-get", "-o", "APT::Sandbox::User=root", "download", f"{package}={source['version']}"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
            found = list(folder.glob(f"{package}_*.deb"))
        if sha256(found[0]) != source["sha256"]:
            sys.exit(f"{found[0]}: expected sha256 {source['sha256']}, found {sha256(found[0])}; the corpus would be another one")
        subprocess.run(["dpkg", "-x", found[0], target], check=True)
    return target / "usr" / "share"


def shuffled(items, key):
    """An order that depends on the items and the key alone."""
    return [item for _, item in sorted((hashlib.sha256(f"{key} {i} {item}".encode()).digest(), item) for i, item in enumerate(items))]


class Writer:
    """Writes documents of paragraphs: an empty line between paragraphs, two between documents."""

    def __init__(self, folder, questions):
        self.folder, self.questions, self.manifest, self.seen = folder, questions, {}, set()

    def write(self, name, paragraphs, struck=True, once=False):
        """Writes a file; `struck`: without the questions; `once`: no paragraph that another such file holds."""
        text, gap = [], "\n\n"
        for paragraph in paragraphs:
            if once and paragraph and (paragraph in self.seen or self.seen.add(paragraph)):
                continue
            paragraph = self.questions.strike(paragraph) if paragraph and struck else paragraph
            if paragraph is None:
                gap = "\n\n\n"
            elif paragraph:
                text += [gap if text else "", paragraph]
                gap = "\n\n"
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(text) + "\n", encoding="utf-8")
        if struck and any(self.questions.holds(paragraph) for paragraph in text):
            sys.exit(f"{path}: a cloze question is in the training text")
        self.manifest[name] = {"bytes": path.stat().st_size, "words": sum(len(part.split()) for part in text), "sha256": sha256(path)}

    def sentences(self, name, sentences):
        """Sentences of a kind, shuffled: what one says twice in other words must not stand side by side."""
        order = shuffled(dict.fromkeys(sentences), name)
        groups = [order[i:i + SENTENCES_A_GROUP] for i in range(0, len(order), SENTENCES_A_GROUP)]
        self.write(name, [part for group in groups for part in (None, " ".join(group))])


def main():
    shared = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else HERE.parents[2] / ".." / "shared").resolve()
    folder, packages = RUNS / "corpus", RUNS / "corpus" / "packages"
    packages.mkdir(parents=True, exist_ok=True)
    writer = Writer(folder, Questions(shared / "cloze.jsonl"))

    known = {}
    for name, paragraphs in novels.texts(shared / "data" / "corpus" / "100_english_novels"):
        held_out = name.startswith(novels.HELD_OUT)
        writer.write(f"{'held-out' if held_out else 'novels'}/{name}.txt", paragraphs, struck=not held_out)
        for word in re.findall(r"[a-z]+", "" if held_out else " ".join(filter(None, paragraphs)).lower()):
            known[word] = known.get(word, 0) + 1
    known = {word for word, count in known.items() if count >= 5}

    for kind, sentences in wordnet.sentences(unpack("wordnet-base", packages) / "wordnet", known).items():
        writer.sentences(f"dictionaries/wordnet-{kind}.txt", sentences)
    writer.sentences("dictionaries/gcide.txt", dictionaries.gcide(unpack("dict-gcide", packages) / "dictd" / "gcide.dict.dz", known))
    for name in ("foldoc", "jargon"):
        writer.write(f"dictionaries/{name}.txt", dictionaries.articles(unpack(f"dict-{name}", packages) / "dictd" / f"{name}.dict.dz"))
    writer.write("dictionaries/elements.txt", dictionaries.elements(unpack("dict-elements", packages) / "dictd" / "elements.dict.dz"))
    facts = geography.sentences(unpack("kgeography-data", packages) / "kgeography", unpack("miscfiles", packages) / "misc", shuffled, passes=6)
    writer.write("dictionaries/geography.txt", [part for i in range(0, len(facts), SENTENCES_A_GROUP) for part in (None, " ".join(map(clean, facts[i:i + SENTENCES_A_GROUP])))])
    writer.write("dictionaries/wikitext-2-valid.txt", novels.wikitext(shared / "data" / "corpus" / "wikitext-2" / "valid.txt"))

    for name in ("manpages", "manpages-dev"):
        writer.write(f"manuals/{name}.txt", manuals.man(unpack(name, packages) / "man"), once=True)
    writer.write("manuals/perl.txt", manuals.marked([path for path in (unpack("perl-doc", packages) / "perl").rglob("*.pod") if "delta" not in path.name], lambda block: block.startswith((" ", "\t", "=", "\n "))), once=True)
    writer.write("manuals/git.txt", manuals.marked((unpack("git-doc", packages) / "doc" / "git-doc").rglob("git*.txt"), lambda block: re.match(r"[\s\-=~.+\[:]", block)), once=True)
    for name, paths in {
        "python": [path for path in (unpack("python3.11-doc", packages) / "doc" / "python3.11" / "html").rglob("*.html") if "genindex" not in path.name and "changelog" not in path.name],
        "postgresql": [path for path in (unpack("postgresql-doc-15", packages) / "doc" / "postgresql-doc-15" / "html").glob("*.html") if not path.name.startswith("release")],
        "debian-reference": (unpack("debian-reference-en", packages)).rglob("*.en.html"),
        "debian-policy": [path for path in (unpack("debian-policy", packages) / "doc" / "debian-policy").rglob("*.html*") if path.is_file()],
        "developers-reference": [path for path in unpack("developers-reference", packages).rglob("*.html") if not re.search(r"/(de|fr|ja|it|ru)/", str(path))],
        "debian-handbook": (unpack("debian-handbook", packages) / "doc" / "debian-handbook" / "html" / "en-US").glob("*.html"),
    }.items():
        writer.write(f"manuals/{name}.txt", manuals.html(paths), once=True)

    manifest = {"removed_questions": writer.questions.removed, "files": dict(sorted(writer.manifest.items()))}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    for group in ("novels", "held-out", "dictionaries", "manuals"):
        files = [entry for name, entry in writer.manifest.items() if name.startswith(group + "/")]
        print(f"{group}: {len(files)} files, {sum(entry['bytes'] for entry in files):,} bytes, {sum(entry['words'] for entry in files):,} words")
    if json.loads((HERE / "manifest.json").read_text(encoding="utf-8")) != manifest:
        print("the corpus is not the one of manifest.json beside this program: compare them")
    print(f"paragraphs from which a cloze question was taken: {writer.questions.removed}")


if __name__ == "__main__":
    main()
