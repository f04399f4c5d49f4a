"""What poppler reads in a PDF."""

import re
import subprocess
from pathlib import Path


def squeeze(text: str) -> str:
    """Without spaces nor hyphens: poppler tells neither an end of line from a space, nor its hyphen from another."""
    return re.sub(r"[\s-]+", "", text)


class Reading(str):
    """A text in which a sentence is sought spaces and hyphens apart; the French spaces are tested on the markup."""

    def __contains__(self, sentence: object) -> bool:
        return super().__contains__(squeeze(str(sentence)))


def text_of(pdf: bytes) -> Reading:
    """The text as drawn, running heads included."""
    return Reading(squeeze("".join(pages_of(pdf))))


def heard_in(pdf: bytes) -> Reading:
    """The text of the structure tree, in the order that a screen reader follows; slow on large tables."""
    done = subprocess.run(["pdfinfo", "-struct-text", "-"], input=pdf, capture_output=True, check=True)
    return Reading(squeeze("".join(re.findall(r'^\s+"(.*)"$', done.stdout.decode(), re.MULTILINE))))


def pages_of(pdf: bytes) -> list[str]:
    """The text drawn on each page, margins included; any run of white space is one plain space."""
    done = subprocess.run(["pdftotext", "-raw", "-enc", "UTF-8", "-", "-"], input=pdf, capture_output=True, check=True)
    return [re.sub(r"\s+", " ", page) for page in done.stdout.decode().split("\f")[:-1]]


def fonts_of(path: Path) -> set[str]:
    """Names of the fonts, without subset prefix; all must be embedded."""
    done = subprocess.run(["pdffonts", str(path)], capture_output=True, text=True, check=True)
    rows = [line.split() for line in done.stdout.splitlines()[2:]]
    assert all(row[-5] == "yes" for row in rows), done.stdout
    return {row[0].partition("+")[2].rstrip(",") for row in rows}


def page_count(pdf: bytes) -> int:
    done = subprocess.run(["pdfinfo", "-"], input=pdf, capture_output=True, check=True)
    return int(re.search(rb"Pages:\s+(\d+)", done.stdout)[1])
