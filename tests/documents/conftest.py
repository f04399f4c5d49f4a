"""The examples, each rendered once for all tests."""

from pathlib import Path

import pytest

from portal.core.documents import render_pdf
from tests.documents.examples import ANSWERS, EXAMPLES


@pytest.fixture(scope="session")
def rendered() -> dict[str, bytes]:
    """Short name of a template ("receipt") → the PDF of its example."""
    return {
        Path(template).stem: render_pdf(
            template=template, snapshot=example(), attachments=[ANSWERS] if template.endswith("receipt.html") else []
        )
        for template, example in EXAMPLES.items()
    }


@pytest.fixture(scope="session")
def rendered_folder(rendered: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds `<name>.pdf` for each example."""
    folder = tmp_path_factory.mktemp("documents")
    for name, pdf in rendered.items():
        (folder / f"{name}.pdf").write_bytes(pdf)
    return folder
