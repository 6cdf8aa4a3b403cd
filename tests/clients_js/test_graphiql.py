import asyncio
import base64
import hashlib
import re
import shutil
import subprocess

import pytest
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from server.web.graphiql import CDN, EXAMPLE, graphiql
from tests.web.running import make_app, running

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(shutil.which("npm") is None, reason="node and npm are not installed")


@pytest.fixture(scope="module")
def assets(tmp_path_factory):
    """The files of the page as the CDN serves them: those of the npm packages, by package and version."""
    folder = tmp_path_factory.mktemp("cdn")
    for package in sorted({path.split("/")[0] for path, _ in pinned()}):
        packing = subprocess.run(["npm", "pack", package], cwd=folder, check=True, capture_output=True, text=True)
        archive = folder / packing.stdout.strip().splitlines()[-1]
        (folder / package).mkdir()
        subprocess.run(["tar", "-xzf", archive, "-C", folder / package], check=True)
        for file in (folder / package / "package").iterdir():
            file.rename(folder / package / file.name)
    return folder


def pinned():
    """The path and the hash of every asset of the page."""
    return re.findall(rf'"{CDN}/([^"]+)" integrity="sha384-([^"]+)"', graphiql().html)


def test_every_asset_is_pinned(assets):
    digests = [
        (path, base64.b64encode(hashlib.sha384((assets / path).read_bytes()).digest()).decode()) for path, _ in pinned()
    ]

    assert len(digests) == 4
    assert digests == pinned()


async def browse(url, folder):
    """The document of a page after it has run."""
    process = await asyncio.create_subprocess_exec(
        CHROMIUM,
        *("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--virtual-time-budget=20000"),
        *(f"--user-data-dir={folder}", "--dump-dom", url),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    async with asyncio.timeout(90):
        document, _ = await process.communicate()
    return document.decode()


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
async def test_the_page_works_in_a_browser(assets, tmp_path):
    app = make_app()
    app.router.routes.append(Mount("/cdn", StaticFiles(directory=assets)))
    async with running(app) as server:
        app.router.routes[0].app._page = graphiql(cdn=f"http://127.0.0.1:{server.port}/cdn")

        document = await browse(server.url, tmp_path)

    assert "graphiql-container" in document
    assert [word for word in re.findall(r"\w+", EXAMPLE) if word not in document] == []
    assert "CodeMirror-lint-mark-error" in document, "the page has the schema, which knows no answers"
