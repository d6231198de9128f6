"""Fetch one file by HTTP; a download that breaks off goes on where it stopped."""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pooch
import requests

from atlas.errors import DataError, Fault, UnavailableError
from atlas.sources.arcgis import ATTEMPTS, PASSING, is_unreachable

_CHUNK_BYTES: Final = 1 << 16


class _PassingError(Exception):
    """A failure that may pass: worth asking again, from where it stopped."""


class Resuming:
    """A downloader for pooch that keeps what it has got, and asks only for the rest.

    Parameters
    ----------
    part : Path
        Where the unfinished file is kept; what proves that it is still the same file lies beside it.
    timeout_s : float
        Seconds to wait for an answer.
    progress : callable, optional
        Told bytes there are here, and bytes there will be (0 where unknown).
    wait : callable
        Waits between attempts; takes seconds.
    """

    def __init__(
        self,
        part: Path,
        timeout_s: float,
        progress: Callable[[int, int], None] | None = None,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self.part = part
        self.proof = part.with_name(part.name + ".json")
        self.timeout_s = timeout_s
        self.progress = progress
        self.wait = wait

    def __call__(self, url: str, output_file: str, _: Any, check_only: bool = False) -> None:  # noqa: FBT001, FBT002
        """Fetch `url` to `output_file`, in as many as `ATTEMPTS` pieces."""
        del check_only  # pooch asks so only of registries, which Atlas has none of
        for attempt in range(1, ATTEMPTS + 1):
            try:
                self._get(url)
            except _PassingError as error:
                if attempt == ATTEMPTS:
                    message = f"{urlsplit(url).netloc} failed {ATTEMPTS} times, the last time so: {error} ({url})"
                    raise UnavailableError(message) from None
                self.wait(2.0 ** (attempt - 1))
            else:
                self.part.replace(output_file)
                self.proof.unlink(missing_ok=True)
                return

    def _get(self, url: str) -> None:
        proof = self._read_proof(url)
        start = self.part.stat().st_size if proof and self.part.is_file() else 0
        headers = {"Accept-Encoding": "identity"}
        if start:
            headers |= {"Range": f"bytes={start}-", "If-Range": proof}
        try:
            with requests.get(url, headers=headers, stream=True, timeout=self.timeout_s) as response:
                self._receive(url, response, start)
        except requests.RequestException as error:
            if is_unreachable(error):
                raise UnavailableError(f"{urlsplit(url).netloc} cannot be reached ({url})") from None
            raise _PassingError(f"the connection broke ({type(error).__name__})") from None

    def _receive(self, url: str, response: requests.Response, start: int) -> None:
        if response.status_code == requests.codes.requested_range_not_satisfiable:
            self.part.unlink(missing_ok=True)
            raise _PassingError("the part that is here does not fit the file")
        if not response.ok:
            problem = f"HTTP {response.status_code} {response.reason}"
            if response.status_code in PASSING:
                raise _PassingError(problem)
            raise UnavailableError(f"{urlsplit(url).netloc} refuses: {problem} ({url})")
        partial = response.status_code == requests.codes.partial_content
        done = start if partial else 0
        length = response.headers.get("Content-Length")
        total = 0 if length is None else int(length) + done
        if not partial:
            self._write_proof(url, response)
        with self.part.open("ab" if partial else "wb") as file:
            for chunk in response.iter_content(_CHUNK_BYTES):
                file.write(chunk)
                done += len(chunk)
                if self.progress is not None:
                    self.progress(done, total)
        if done < total:
            raise _PassingError(f"only {done:,} of {total:,} bytes came")

    def _read_proof(self, url: str) -> str:
        try:
            kept = json.loads(self.proof.read_text(encoding="utf-8"))
            return str(kept["proof"]) if kept["url"] == url else ""
        except (OSError, ValueError, TypeError, KeyError):
            return ""

    def _write_proof(self, url: str, response: requests.Response) -> None:
        tag = response.headers.get("ETag", "")
        # A weak tag does not promise the same bytes.
        proof = tag if tag and not tag.startswith("W/") else response.headers.get("Last-Modified", "")
        self.proof.write_text(json.dumps({"url": url, "proof": proof}), encoding="utf-8")


def fetch(
    url: str,
    folder: Path,
    sha256: str | None = None,
    timeout_s: float = 30.0,
    progress: Callable[[int, int], None] | None = None,
    wait: Callable[[float], None] = time.sleep,
) -> Path:
    """Fetch a file into a folder, under the name it was published by.

    Parameters
    ----------
    url : str
        Where it is.
    folder : Path
        Where to; what is left of a broken download is kept there too.
    sha256 : str, optional
        What its hash must be.
    timeout_s : float
        Seconds to wait for an answer.
    progress : callable, optional
        Told bytes there are here, and bytes there will be (0 where unknown).
    wait : callable
        Waits between attempts; takes seconds.

    Returns
    -------
    Path
        The whole file.

    Raises
    ------
    UnavailableError
        If it cannot be fetched.
    DataError
        If it is another file than `sha256` says; nothing of it is kept.
    """
    name = urlsplit(url).path.rsplit("/", 1)[-1]
    # At its own level pooch prints what Atlas shows through `progress`.
    pooch.get_logger().setLevel(logging.WARNING)
    known = None if sha256 is None else f"sha256:{sha256}"
    downloader = Resuming(folder / f"{name}.part", timeout_s, progress, wait)
    try:
        return Path(pooch.retrieve(url, known, name, folder, downloader=downloader))
    except ValueError as error:
        found = re.search(r"got ([0-9a-f]{64})", str(error))
        value = found[1] if found else str(error)
        fault = Fault(name, "another file than the one published", f"sha256 {sha256}", value=value)
        raise DataError(f"{url} cannot be used", [fault]) from None
