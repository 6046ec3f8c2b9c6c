"""A bucket in memory. It keeps what Cloud Storage promises: whole objects, sorted listings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from google.api_core.exceptions import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class FakeBlob:
    bucket: FakeBucket
    name: str

    def upload_from_string(self, data: str, content_type: str, timeout: float) -> None:
        assert timeout > 0
        self.bucket.objects[self.name] = data.encode()

    def download_as_bytes(self, timeout: float) -> bytes:
        return self._data()

    def delete(self, timeout: float) -> None:
        self._data()
        del self.bucket.objects[self.name]

    def _data(self) -> bytes:
        if self.name not in self.bucket.objects:
            raise NotFound(f"No such object: {self.name}")
        return self.bucket.objects[self.name]


@dataclass
class FakeBucket:
    objects: dict[str, bytes] = field(default_factory=dict)

    def blob(self, name: str) -> FakeBlob:
        # Cloud Storage knows no folders: a name with a leading slash is another name.
        assert name
        assert not name.startswith("/")
        return FakeBlob(self, name)

    def list_blobs(self, prefix: str, delimiter: str, timeout: float) -> Iterator[FakeBlob]:
        for name in sorted(self.objects):
            if name.startswith(prefix) and delimiter not in name[len(prefix) :]:
                yield FakeBlob(self, name)
