"""Reads and writes the files that actions name, without following any link.

A path is judged and opened folder by folder from the allowed one on, each relative to
the open one before it (`openat` with `O_NOFOLLOW`), so that a link put there in the
meantime is not followed either.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from errno import EINVAL, EISDIR, ENOSPC
import os
from pathlib import Path
import secrets
import shutil
import stat
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from ..const import DOMAIN

SUFFIX_CSV: Final = ".csv"
SUFFIX_PNG: Final = ".png"

_MEDIA_FOLDER: Final = DOMAIN
_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
# A pipe would be waited for otherwise.
_READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_CREATE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_MODE: Final = 0o644
_PNG_SIGNATURE: Final = b"\x89PNG"
_HEAD: Final = 1024


def write_file(
    hass: HomeAssistant, name: str, content: str | bytes, suffix: str
) -> str:
    """Write a file as a whole or not at all, and return its path. Blocking.

    A path that is not absolute is one below the configuration folder. It must end with
    `suffix`: a caller who names a web page must not have the names of miners served as
    one.

    Raises:
        ServiceValidationError: Home Assistant may not write there, the path ends with
            another suffix or leads through a link, or there is something else.
        HomeAssistantError: it could not be written, for example as the disk is full.

    """
    root, parts = _split(hass, name, "path_not_allowed")
    path = root.joinpath(*parts)
    if Path(parts[-1]).suffix.lower() != suffix:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="path_of_another_kind",
            translation_placeholders={"path": str(path), "suffix": suffix},
        )
    with _write_errors(path), _open_folder(root, parts[:-1]) as folder:
        _replace(folder, path, content, suffix)
    return str(path)


def write_media(hass: HomeAssistant, name: str, content: bytes) -> tuple[str, str]:
    """Write a PNG into the media folder; return path and media content id. Blocking.

    Raises:
        ServiceValidationError: a link or something else is in the way.
        HomeAssistantError: there is no media folder, or it could not be written.

    """
    media = hass.config.media_dirs
    if not media:
        raise HomeAssistantError(
            translation_domain=DOMAIN, translation_key="no_media_folder"
        )
    source = "local" if "local" in media else next(iter(media))
    path = Path(media[source], _MEDIA_FOLDER, name)
    with _write_errors(path):
        Path(media[source]).mkdir(parents=True, exist_ok=True)
        with _open_folder(Path(media[source]), [_MEDIA_FOLDER], create=True) as folder:
            _replace(folder, path, content, SUFFIX_PNG)
    return str(path), f"media-source://media_source/{source}/{_MEDIA_FOLDER}/{name}"


def read_file(hass: HomeAssistant, name: str, most: int) -> tuple[Path, bytes]:
    """Return the path and at most the first `most` bytes of a file. Blocking.

    A path that is not absolute is one below the configuration folder.

    Raises:
        ServiceValidationError: there is no such file, Home Assistant may not read it,
            or the path leads through a link.
        HomeAssistantError: it could not be read.

    """
    with _open_to_read(hass, name) as (folder, path):
        _refuse_link(folder, path.name, path)
        return path, _read(folder, path.name, most)


def copy_file(hass: HomeAssistant, name: str, target: Path, beside: str) -> None:
    """Copy a file to `target`, and what is beside it under a suffix if it is there.

    A path that is not absolute is one below the configuration folder. Blocking.

    Raises:
        ServiceValidationError: there is no such file, Home Assistant may not read it,
            or the path leads through a link.
        HomeAssistantError: it could not be copied.

    """
    with _open_to_read(hass, name) as (folder, path):
        _copy(folder, path, target)
        with suppress(FileNotFoundError):
            _copy(
                folder,
                path.with_name(path.name + beside),
                target.with_name(target.name + beside),
            )


@contextmanager
def _open_to_read(hass: HomeAssistant, name: str) -> Iterator[tuple[int, Path]]:
    """Open the folder of a file that may be read; yield its descriptor and the path."""
    root, parts = _split(hass, name, "path_not_allowed_to_read")
    path = root.joinpath(*parts)
    try:
        with _open_folder(root, parts[:-1]) as folder:
            yield folder, path
    except FileNotFoundError as err:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="no_such_file",
            translation_placeholders={"path": str(path)},
        ) from err
    except OSError as err:
        raise _failed("read_failed", path, err) from err


def _copy(folder: int, path: Path, target: Path) -> None:
    _refuse_link(folder, path.name, path)
    descriptor = os.open(path.name, _READ, dir_fd=folder)
    with os.fdopen(descriptor, "rb") as source, target.open("wb") as copy:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(EINVAL, os.strerror(EINVAL))
        shutil.copyfileobj(source, copy, 1024 * 1024)


def _split(hass: HomeAssistant, name: str, refusal: str) -> tuple[Path, Sequence[str]]:
    """Return the allowed folder a path lies in, and its parts below that folder.

    Raises:
        ServiceValidationError: it lies in none, or is no path at all.

    """
    path = Path(os.path.normpath(hass.config.path(name)))
    allowed = hass.config.allowlist_external_dirs
    roots = sorted(
        (
            root
            for root in map(Path, map(os.path.normpath, allowed))
            if path != root and path.is_relative_to(root)
        ),
        key=lambda root: len(root.parts),
    )
    if not name.isprintable() or not roots or not _is_allowed(hass, path):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key=refusal,
            translation_placeholders={"path": repr(str(path))[1:-1]},
        )
    return roots[-1], path.relative_to(roots[-1]).parts


def _is_allowed(hass: HomeAssistant, path: Path) -> bool:
    """Ask Home Assistant, which follows links, about the folder a path is in.

    The last part may be a link, which is refused with a better reason later.
    """
    try:
        return hass.config.is_allowed_path(str(path.parent))
    except OSError:
        return False


@contextmanager
def _open_folder(
    root: Path, names: Sequence[str], *, create: bool = False
) -> Iterator[int]:
    """Open a folder below `root`, and yield its descriptor.

    Links below `root` are refused; `root` itself was chosen by an administrator.
    """
    descriptor = os.open(root, _FOLDER)
    path = root
    try:
        for name in names:
            path /= name
            if create:
                with suppress(FileExistsError):
                    os.mkdir(name, dir_fd=descriptor)
            _refuse_link(descriptor, name, path)
            deeper = os.open(name, _FOLDER | os.O_NOFOLLOW, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = deeper
        yield descriptor
    finally:
        os.close(descriptor)


def _refuse_link(folder: int, name: str, path: Path) -> None:
    if stat.S_ISLNK(os.lstat(name, dir_fd=folder).st_mode):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="path_is_link",
            translation_placeholders={"path": str(path)},
        )


def _read(folder: int, name: str, most: int) -> bytes:
    descriptor = os.open(name, _READ, dir_fd=folder)
    try:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            number = EISDIR if stat.S_ISDIR(mode) else EINVAL
            raise OSError(number, os.strerror(number))
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(most)
    finally:
        os.close(descriptor)


def _replace(folder: int, path: Path, content: str | bytes, suffix: str) -> None:
    """Write beside, then rename, so that nobody ever reads half a file."""
    with suppress(FileNotFoundError):
        _refuse_link(folder, path.name, path)
        _refuse_other_kind(folder, path, suffix)
    beside = f".{DOMAIN}-{secrets.token_hex(8)}.tmp"
    descriptor = os.open(beside, _CREATE, _MODE, dir_fd=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, _MODE)
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(descriptor)
        os.replace(beside, path.name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with suppress(OSError):
            os.unlink(beside, dir_fd=folder)
        raise


def _refuse_other_kind(folder: int, path: Path, suffix: str) -> None:
    """Let only what may be an earlier file of the same kind be overwritten."""
    mode = os.lstat(path.name, dir_fd=folder).st_mode
    if stat.S_ISDIR(mode):
        # Fails in a way that says what is there.
        return
    regular = stat.S_ISREG(mode)
    head = _read(folder, path.name, _HEAD) if regular else b""
    same = (
        head.startswith(_PNG_SIGNATURE) if suffix == SUFFIX_PNG else b"\0" not in head
    )
    if not regular or (head and not same):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="file_of_another_kind",
            translation_placeholders={"path": str(path), "suffix": suffix},
        )


@contextmanager
def _write_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as err:
        if err.errno == ENOSPC:
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="disk_full",
                translation_placeholders={"path": str(path)},
            ) from err
        raise _failed("write_failed", path, err) from err


def _failed(key: str, path: Path, err: OSError) -> HomeAssistantError:
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders={
            "path": str(path),
            "reason": err.strerror or str(err),
        },
    )
