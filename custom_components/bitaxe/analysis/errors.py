"""Why there is no history to analyse, and what can be done about it.

Each error carries the key and the placeholders of its translation.
"""

from typing import ClassVar

from .metrics import Metric


class AnalysisError(Exception):
    """The analysis cannot be done; the text names the remedy."""

    translation_key: ClassVar[str]

    def __init__(self, message: str, **placeholders: str) -> None:
        """Keep what the translated text mentions."""
        super().__init__(message)
        self.placeholders = placeholders


class RecorderMissingError(AnalysisError):
    """Home Assistant keeps no history at all."""

    translation_key = "recorder_missing"

    def __init__(self) -> None:
        """Name the remedy."""
        super().__init__("There is no history: set up the recorder integration")


class HistoryUnreadableError(AnalysisError):
    """The database cannot be read."""

    translation_key = "history_unreadable"

    def __init__(self, reason: str) -> None:
        """Keep the database's words."""
        super().__init__(f"The history could not be read: {reason}", reason=reason)


class HistoryClosedError(HistoryUnreadableError):
    """The database is not read any more, as Home Assistant stops."""

    translation_key = "history_closed"

    def __init__(self) -> None:
        """Say why."""
        super().__init__("Home Assistant is stopping")


class EntityMissingError(AnalysisError):
    """The miner has no such sensor."""

    translation_key = "history_entity_missing"

    def __init__(self, miner: str, metric: Metric) -> None:
        """Name the sensor; the translated text names all that are required."""
        super().__init__(
            f"{miner} has no sensor for the {metric.value}: it appears once the miner "
            "reports it",
            miner=miner,
        )


class EntityDisabledError(AnalysisError):
    """The sensor is disabled."""

    translation_key = "history_entity_disabled"

    def __init__(self, entity_id: str) -> None:
        """Name the entity."""
        super().__init__(
            f"{entity_id} is disabled: enable it in its settings", entity_id=entity_id
        )


class EntityNotRecordedError(AnalysisError):
    """The sensor is excluded from the recorder."""

    translation_key = "history_entity_not_recorded"

    def __init__(self, entity_id: str) -> None:
        """Name the entity."""
        super().__init__(
            f"{entity_id} is excluded from the recorder: include it in the recorder's "
            "configuration",
            entity_id=entity_id,
        )


class InvalidSpanError(AnalysisError):
    """What was asked for is no span of time."""

    translation_key = "invalid_span"

    def __init__(self, span: str) -> None:
        """Name what was given."""
        super().__init__(
            f"{span} is no span of time: use for example 24h, 7d or all", span=span
        )
