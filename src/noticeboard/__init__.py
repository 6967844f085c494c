"""A village's public notice board: Excel in, reviewed, posted on time, provable to strangers."""

from pathlib import Path

__version__ = "0.2.0"


def shipped(name: str) -> Path:
    """Return the folder `templates`, `kiosk` or `data`, in a wheel and in a checkout alike."""
    here = Path(__file__).resolve().parent
    for folder in (here / "shipped" / name, here.parents[1] / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(name)
