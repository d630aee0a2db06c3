"""Rows as bytes: msgpack, compressed; values of a database's columns come back as they were."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import IO, Any, cast
from uuid import UUID

import msgpack  # type: ignore[import-untyped]
import zstandard

from base.backup.files import Altered, Sink, Source

_LEVEL = 3
_READ = 256 * 1024
#: No row is larger: a file that says otherwise is none of ours.
_LARGEST = 256 * 1024 * 1024
_MOMENT, _DATE, _UUID, _DECIMAL, _SECONDS = range(1, 6)
_READERS: Mapping[int, Callable[[bytes], Any]] = {
    _MOMENT: lambda data: datetime.fromisoformat(data.decode()),
    _DATE: lambda data: date.fromisoformat(data.decode()),
    _UUID: lambda data: UUID(bytes=data),
    _DECIMAL: lambda data: Decimal(data.decode()),
    _SECONDS: lambda data: timedelta(microseconds=int(data)),
}


@contextmanager
def packing(sink: Sink) -> Iterator[Callable[[list[Any]], None]]:
    """What writes one record after the other."""
    packer = msgpack.Packer(default=_extend, use_bin_type=True, strict_types=True)
    # Kept open: whoever made the sink finishes it.
    target = cast("IO[bytes]", sink)
    with zstandard.ZstdCompressor(_LEVEL).stream_writer(target, closefd=False) as compressed:

        def put(record: list[Any]) -> None:
            compressed.write(packer.pack(record))

        yield put


def unpacked(source: Source) -> Iterator[list[Any]]:
    """Every record, then the end of the source."""
    unpacker = msgpack.Unpacker(
        ext_hook=_restore, raw=False, strict_map_key=False, max_buffer_size=_LARGEST
    )
    sealed = cast("IO[bytes]", source)
    with zstandard.ZstdDecompressor().stream_reader(sealed, closefd=False) as plain:
        while data := plain.read(_READ):
            unpacker.feed(data)
            yield from unpacker
    source.to_the_end()


def _extend(value: Any) -> Any:
    match value:
        case datetime():
            return msgpack.ExtType(_MOMENT, value.isoformat().encode())
        case date():
            return msgpack.ExtType(_DATE, value.isoformat().encode())
        case UUID():
            return msgpack.ExtType(_UUID, value.bytes)
        case Decimal():
            return msgpack.ExtType(_DECIMAL, str(value).encode())
        case timedelta():
            return msgpack.ExtType(_SECONDS, str(value // timedelta(microseconds=1)).encode())
        case str():
            # A database's own kind of text, such as the name of a state.
            return str.__str__(value)
    raise TypeError(f"a column holds {type(value).__name__}, which no backup can keep")


def _restore(code: int, data: bytes) -> Any:
    if code not in _READERS:
        raise Altered
    return _READERS[code](data)
