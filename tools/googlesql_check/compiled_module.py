"""The analyzer's WebAssembly module, compiled once and kept in the user's cache folder."""

import contextlib
import hashlib
import logging
import os
import tempfile
from importlib import metadata
from pathlib import Path

from wasmtime import Config, Engine, Module, WasmtimeError
from zetasql.wasi import get_wasm_path

logger = logging.getLogger(__name__)


def new_engine() -> Engine:
    """An engine that allows the shared memory which the module imports."""
    config = Config()
    config.shared_memory = True
    return Engine(config)


def user_cache_folder() -> Path:
    """Where compiled modules are kept: one for all checkouts, they cost 75 MB each."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "concord"


def load_module(engine: Engine, folder: Path | None = None) -> Module:
    """Read the compiled module from the cache; compile it (13 to 50 seconds) when it is not there.

    A cache that cannot be read or written costs time, never the result.
    """
    cached = (folder or user_cache_folder()) / f"googlesql-{_fingerprint()}.cwasm"
    if cached.is_file():
        try:
            return Module.deserialize_file(engine, str(cached))
        except (WasmtimeError, OSError) as error:
            logger.warning("the compiled analyzer %s is unusable: %s", cached, error)
    module = Module.from_file(engine, str(get_wasm_path()))
    _keep(module, cached)
    return module


def _fingerprint() -> str:
    # Another version of the compiler or of the module must not meet an old file.
    parts = [metadata.version("wasmtime"), metadata.version("zetasql")]
    parts.append(str(Path(get_wasm_path()).stat().st_size))
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]


def _keep(module: Module, cached: Path) -> None:
    """Write the module beside its place and move it there, so that no one reads half a file."""
    unfinished: Path | None = None
    try:
        cached.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=cached.parent, delete=False) as file:
            unfinished = Path(file.name)
            file.write(module.serialize())
        unfinished.replace(cached)
    except OSError as error:
        logger.info("the compiled analyzer is not kept: %s", error)
        if unfinished is not None:
            with contextlib.suppress(OSError):
                unfinished.unlink()
