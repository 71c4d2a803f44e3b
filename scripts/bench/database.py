"""How many rows and bytes the recorder's database holds."""

from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
import sqlite3
from typing import Final, Self

_TABLES: Final = (
    "states",
    "state_attributes",
    "events",
    "event_data",
    "statistics",
    "statistics_short_term",
)


@dataclass(frozen=True, kw_only=True)
class Contents:
    """The contents at a moment, or what came between two moments."""

    rows: Counter[str]
    """By table."""
    states: Counter[str]
    """Rows of states by entity id."""
    size: int
    """Bytes in pages that are in use, those in the write-ahead log included."""

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read what is committed."""
        with closing(sqlite3.connect(path)) as connection:

            def number(query: str) -> int:
                return int(connection.execute(query).fetchone()[0])

            pages = number("PRAGMA page_count") - number("PRAGMA freelist_count")
            return cls(
                rows=Counter(
                    {
                        table: number(f"SELECT count(*) FROM {table}")  # noqa: S608
                        for table in _TABLES
                    }
                ),
                states=Counter(
                    dict(
                        connection.execute(
                            "SELECT states_meta.entity_id, count(*) FROM states"
                            " JOIN states_meta USING (metadata_id) GROUP BY metadata_id"
                        )
                    )
                ),
                size=pages * number("PRAGMA page_size"),
            )

    def since(self, before: Contents) -> Contents:
        """Return what came since an earlier moment."""
        return Contents(
            rows=self.rows - before.rows,
            states=self.states - before.states,
            size=self.size - before.size,
        )
