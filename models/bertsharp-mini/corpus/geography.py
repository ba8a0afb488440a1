"""Countries, states and their capitals as sentences, from miscfiles and KGeography."""

import gzip
import re
import xml.etree.ElementTree as ElementTree

CAPITALS = [
    "{capital} is the capital of {country}.", "The capital of {country} is {capital}.", "{capital}, the capital of {country}, is a city.",
    "{capital} is a city in {country}.", "The government of {country} sits in {capital}.", "They travelled to {capital}, the capital of {country}.",
    "What is the capital of {country}? It is {capital}.", "In {country}, the capital is called {capital}.",
    "He was born in {capital}, in {country}.", "She lives in {capital}, the capital city of {country}.",
    "We flew to {capital} and saw much of {country}.", "The largest embassy in {country} is in {capital}.",
]
PLACES = ["{country} is a country in {continent}.", "{country} lies in {continent}.", "{capital} is a city in {continent}."]
STATES = ["{capital} is the capital of {country}.", "{country} is one of the United States.", "The capital of {country} is {capital}.", "{country} is a state of America, and {capital} is its capital."]
CITIES = ["{city} is a city in {country}.", "{city}, {country}.", "The city of {city} lies in {country}."]


def divisions(path):
    for division in ElementTree.parse(path).getroot().iter("division"):
        capital = division.findtext("capital")
        if capital and "(" not in capital and "," not in capital:
            yield division.findtext("name"), capital


def sentences(kgeography, miscfiles, shuffled, passes):
    """Every template of every place; a pass goes through all of them in another order, so that no two stand side by side."""
    capitals, codes = dict(divisions(kgeography / "world.kgm")), {}
    with gzip.open(miscfiles / "countries.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            fields = line.rstrip("\n").split(":")
            if len(fields) == 5:
                codes[fields[1]] = fields[3]
            if len(fields) == 5 and fields[4] and not re.search(r"[(,]", fields[4] + fields[3]):
                capitals.setdefault(fields[3], fields[4])
    facts = [template.format(country=country, capital=capital) for template in CAPITALS for country, capital in capitals.items()]
    for continent in ("Europe", "Asia", "Africa"):
        facts += [template.format(country=country, capital=capital, continent=continent)
                  for template in PLACES for country, capital in divisions(kgeography / f"{continent.lower()}.kgm") if country in capitals]
    facts += [template.format(country=state, capital=capital) for template in STATES for state, capital in divisions(kgeography / "usa.kgm")]
    cities = gzip.open(miscfiles / "cities.dat.gz", "rt", encoding="utf-8", errors="replace").read()
    for city, country in re.findall(r"Name +: (\S[^\n]*)\n Country +: (\S[^\n]*)\n", cities):
        country = {"UK": "Britain", "USA": "America"}.get(country) or codes.get(country, country)
        if not country.isupper():
            facts += [template.format(city=city, country=country) for template in CITIES]
    facts = sorted(set(facts))
    return [fact for number in range(passes) for fact in shuffled(facts, f"geography {number}")]
