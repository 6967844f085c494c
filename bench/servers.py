"""What answers: our own server on a demo home, and nginx with the same bytes."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.running import HOST, SERVING, answered, free_port, program, python


@contextmanager
def board(home: Path) -> Iterator[tuple[int, int]]:
    """Serve a home as anybody would; gives the port and the process's id."""
    port = free_port()
    command = python("noticeboard", "serve", "--home", str(home), "--port", str(port))
    with program(command, SERVING) as running:
        answered(port)
        yield port, running.pid


@contextmanager
def nginx(folder: Path) -> Iterator[int]:
    """Serve a folder's `.gz` files as they are, by one worker; gives the port."""
    port = free_port()
    config = folder / "nginx.conf"
    config.write_text(
        f"""
        daemon off;
        worker_processes 1;
        pid {folder}/pid;
        error_log {folder}/error.log;
        events {{ worker_connections 1024; }}
        http {{
            access_log off;
            default_type "text/html; charset=utf-8";
            gzip_static on;
            open_file_cache max=1000 inactive=60s;
            keepalive_requests 1000000000;
            client_body_temp_path {folder}/body;
            proxy_temp_path {folder}/proxy;
            fastcgi_temp_path {folder}/fastcgi;
            uwsgi_temp_path {folder}/uwsgi;
            scgi_temp_path {folder}/scgi;
            server {{ listen {HOST}:{port}; root {folder}/pages; }}
        }}
        """
    )
    with program([_path("nginx"), "-c", str(config), "-p", str(folder)], SERVING):
        answered(port, "/page.html")
        yield port


def missing() -> list[str]:
    """Give the Debian packages that are wanted and not here."""
    packages = {"nginx": "nginx-light", "wrk": "wrk"}
    return [package for name, package in packages.items() if _path(name) is None]


def _path(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
