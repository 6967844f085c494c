"""A printed page as PDF, where WeasyPrint is installed; browsers print the same page without it."""

from collections.abc import Callable


def pdf_writer() -> Callable[[str], bytes] | None:
    """Give what makes a PDF of a poster's page, or None where WeasyPrint is not installed.

    It fetches nothing, neither from the network nor from this machine.
    """
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError):  # OSError: its libraries of the system are missing
        return None

    class Nothing(URLFetcher):  # type: ignore[misc]  # the library has no types
        def fetch(self, url: str, headers: object = None) -> object:  # noqa: ARG002 - the signature
            raise ValueError(f"a poster is complete in itself: {url}")

    def written(html: str) -> bytes:
        pdf: bytes = HTML(string=html, url_fetcher=Nothing()).write_pdf()
        return pdf

    return written
