"""What poppler reads in a PDF."""

import re
import subprocess
from pathlib import Path


def text_of(pdf: bytes) -> str:
    """The text in reading order, page by page; line breaks and ordinary spaces are one space, the French ones stay."""
    done = subprocess.run(["pdftotext", "-enc", "UTF-8", "-", "-"], input=pdf, capture_output=True, check=True)
    return re.sub(r"[ \n\f]+", " ", done.stdout.decode())


def fonts_of(path: Path) -> set[str]:
    """Names of the fonts, without subset prefix; all must be embedded."""
    done = subprocess.run(["pdffonts", str(path)], capture_output=True, text=True, check=True)
    rows = [line.split() for line in done.stdout.splitlines()[2:]]
    assert all(row[-5] == "yes" for row in rows), done.stdout
    return {row[0].partition("+")[2].rstrip(",") for row in rows}


def page_count(pdf: bytes) -> int:
    done = subprocess.run(["pdfinfo", "-"], input=pdf, capture_output=True, check=True)
    return int(re.search(rb"Pages:\s+(\d+)", done.stdout)[1])
