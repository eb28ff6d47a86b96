"""A program of its own that makes one PDF: a request as JSON comes in, the PDF's bytes go out.

It knows neither Django nor the settings, reaches no network, and reads only the files that the request
names. Whoever starts it (`publishing/pdf.py`) says how many seconds and bytes of memory it may use:

    python -I renderer.py SECONDS MEMORY < request > document.pdf
"""

import hashlib
import json
import os
import re
import resource
import sys
from pathlib import Path
from typing import Any

_OWN = "project:"
_PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp|svg\+xml)[;,]")
_CONTENT_TYPES = {".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
_FORBIDDEN_EVENTS = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system")


def main() -> None:
    seconds, memory = map(int, sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    request = json.load(sys.stdin.buffer)
    sys.stdout.buffer.write(_render(request["html"], request["files"]))


def _render(html: str, files: dict[str, str]) -> bytes:
    """The same HTML always gives the same bytes."""
    os.environ["SOURCE_DATE_EPOCH"] = "0"  # else the fonts carry the moment they were cut down
    from weasyprint import HTML

    sys.addaudithook(_refuse_network_and_programs)
    return HTML(string=html, url_fetcher=_make_fetcher(files)).write_pdf(
        pdf_variant="pdf/ua-1", pdf_identifier=hashlib.sha256(html.encode()).digest()[:16]
    )


def _make_fetcher(files: dict[str, str]) -> Any:
    """What fetches the files that the request names and pictures within the HTML, and nothing else."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class OwnFiles(URLFetcher):
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if _PICTURE.match(url):
                return super().fetch(url, headers)
            if not url.startswith(_OWN):
                raise ValueError("Only the project's own files may be in a document.")
            try:
                path = Path(files[url])
                return URLFetcherResponse(
                    url, path.read_bytes(), {"Content-Type": _CONTENT_TYPES[path.suffix]}
                )
            except (KeyError, OSError) as error:
                raise FatalURLFetchingError(
                    f"{url} is missing, so the document would not be whole."
                ) from error

    return OwnFiles()


def _refuse_network_and_programs(event: str, arguments: tuple[object, ...]) -> None:
    if event.startswith(_FORBIDDEN_EVENTS):
        raise PermissionError(f"A document may not cause {event}.")


if __name__ == "__main__":
    main()
