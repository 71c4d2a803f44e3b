"""What is asked of the database.

Home Assistant's own functions hand out every row as a dictionary: a year of ten miners
would take a minute and a gigabyte. These statements have the database add up instead,
and are written for SQLite, MariaDB, MySQL and PostgreSQL alike.
"""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Float,
    FromClause,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
)

from ..analysis.metrics import Metric
from ..const import JOULES_PER_KWH

# Frozen readings: after a stop of Home Assistant it fills the gap with the last state
# it knew. Only the energy, which is not counted over gaps, shows it. It is written in
# Wh and now and then, so a row may lack that much; and at 10 W, a row of 5 minutes is
# no more than that, so two of them are looked at together.
_METER_KWH: Final = 0.001
_WATCHED_SHARE: Final = 0.9

type Statement = tuple[Select[Any], dict[str, float]]
"""What is asked, which is made once, and the figures it is asked with."""

TALLIED: Final = (
    Metric.POWER,
    Metric.ASIC_TEMPERATURE,
    Metric.VR_TEMPERATURE,
    Metric.INPUT_VOLTAGE,
    Metric.FAN_SPEED,
)
"""Metrics of which a block has a tally, besides the hashrate."""
COUNTED: Final = (Metric.SHARES_ACCEPTED, Metric.SHARES_REJECTED)

_PLUG: Final = "id_of_plug"
_PLUG_SINCE: Final = "plug_since"


def stretch_of(start_ts: ColumnElement[float], seconds: float) -> ColumnElement[float]:
    """Return the number of the stretch of `seconds` a row begins in.

    The databases disagree on how to round down, but all round to the nearest. The
    shortest row is 1/2016 of the longest stretch, which leaves no row in doubt.
    """
    return func.round(start_ts / seconds - 0.4999)


def blocks(
    table: FromClause,
    ids: Mapping[Metric, int],
    *,
    start: float,
    end: float,
    row_seconds: float,
    stretch: float,
    meter_lag: float,
    energy_factor: float = 1.0,
    power_factor: float = 1.0,
    plug: tuple[int, float, float] | None = None,
) -> Statement:
    """Return the sums of settled rows by operating point and stretch of time.

    A row counts if frequency and core voltage did not move in it, the miner hashed all
    through it, and both were so in the row right before: then any change or restart
    lies at least one row back. `meter_lag` is that of `Miner`; `energy_factor` turns
    the energy's stored unit into kWh, `power_factor` the power's into W. `plug` is the
    number of the power at the wall, what turns its stored unit into W, and the Unix
    time from which on it counts.
    """
    statement = _blocks(
        table,
        tuple(ids),
        row_seconds,
        stretch,
        energy_factor,
        power_factor,
        None if plug is None else plug[1],
    )
    names: dict[str, float] = {
        _id_name(metric): number for metric, number in ids.items()
    }
    if plug is not None:
        names |= {_PLUG: plug[0], _PLUG_SINCE: plug[2]}
    figures = {"start": start, "last": end - row_seconds, "meter_lag": meter_lag}
    return statement, {**figures, **names}


@lru_cache(maxsize=32)
def _blocks(
    table: FromClause,
    names: tuple[Metric, ...],
    row_seconds: float,
    stretch: float,
    energy_factor: float,
    power_factor: float,
    plug_factor: float | None,
) -> Select[Any]:
    """Make the statement of `blocks`, which takes longer than to read an hour by it."""
    ids = {name: bindparam(_id_name(name), type_=Integer) for name in names}
    at: dict[Metric, Any] = {name: table.alias(f"at_{name}") for name in names}
    before: dict[Metric, Any] = {
        name: table.alias(f"before_{name}")
        for name in (
            Metric.FREQUENCY,
            Metric.CORE_VOLTAGE,
            Metric.HASHRATE,
            Metric.ENERGY,
            *COUNTED,
        )
        if name in ids
    }
    frequency = at[Metric.FREQUENCY]
    voltage, hashrate = at[Metric.CORE_VOLTAGE], at[Metric.HASHRATE]
    source = frequency
    joined: Any = source
    for name in (Metric.CORE_VOLTAGE, Metric.HASHRATE):
        joined = joined.join(at[name], _same_row(at[name], ids[name], source))
    for name in (Metric.FREQUENCY, Metric.CORE_VOLTAGE, Metric.HASHRATE):
        joined = joined.join(
            before[name], _same_row(before[name], ids[name], source, row_seconds)
        )
    for name in names:
        if name not in (Metric.FREQUENCY, Metric.CORE_VOLTAGE, Metric.HASHRATE):
            joined = joined.outerjoin(at[name], _same_row(at[name], ids[name], source))
    energy_rows = 1 if row_seconds >= 3600 else 2
    for name in (Metric.ENERGY, *COUNTED):
        if name in before:
            back = row_seconds * (energy_rows if name is Metric.ENERGY else 1)
            joined = joined.outerjoin(
                before[name], _same_row(before[name], ids[name], source, back)
            )
    columns = _block_columns(at, before)
    if plug_factor is not None and Metric.POWER in at:
        plug = table.alias("at_plug")
        joined = joined.outerjoin(
            plug, _same_row(plug, bindparam(_PLUG, type_=Integer), source)
        )
        columns += _wall_columns(plug.c.mean * plug_factor, at)
    conditions = [
        frequency.c.metadata_id == ids[Metric.FREQUENCY],
        frequency.c.start_ts >= bindparam("start"),
        frequency.c.start_ts <= bindparam("last"),
        frequency.c.min == frequency.c.max,
        voltage.c.min == voltage.c.max,
        hashrate.c.min > 0,
        before[Metric.HASHRATE].c.min > 0,
    ]
    for name in (Metric.FREQUENCY, Metric.CORE_VOLTAGE):
        conditions += [
            before[name].c.min == before[name].c.max,
            before[name].c.min == at[name].c.min,
        ]
    if Metric.ENERGY in ids and Metric.POWER in ids:
        conditions.append(
            _watched(
                at[Metric.ENERGY].c.sum,
                before[Metric.ENERGY].c.sum,
                at[Metric.POWER].c.mean * power_factor,
                row_seconds * energy_rows,
                energy_factor,
            )
        )
    number = stretch_of(frequency.c.start_ts, stretch)
    keys = (frequency.c.min, voltage.c.min, number)
    return (
        select(
            frequency.c.min.label("frequency"),
            voltage.c.min.label("core_voltage"),
            func.min(frequency.c.start_ts).label("first"),
            func.max(frequency.c.start_ts).label("last"),
            *columns,
        )
        .select_from(joined)
        .where(*conditions)
        .group_by(*keys)
    )


def buckets(
    table: FromClause, ids: list[int], *, start: float, end: float, stretch: float
) -> Select[Any]:
    """Return the sums of all rows of some metrics by stretch of time."""
    columns = table.c
    active = case((columns.min > 0, columns.mean))
    number = stretch_of(columns.start_ts, stretch)
    return (
        select(
            columns.metadata_id,
            func.min(columns.start_ts).label("first"),
            func.max(columns.start_ts).label("last"),
            func.count().label("rows"),
            *_tally(columns, ""),
            func.count(active).label("active_rows"),
            func.sum(active).label("active_total"),
            func.min(case((columns.min > 0, columns.min))).label("active_low"),
            func.max(case((columns.min > 0, columns.max))).label("active_high"),
            func.count(case((columns.mean > 0, 1))).label("positive_rows"),
            func.min(columns.sum).label("first_sum"),
            func.max(columns.sum).label("last_sum"),
        )
        .where(
            columns.metadata_id.in_(ids),
            columns.start_ts >= start,
            columns.start_ts < end,
        )
        .group_by(columns.metadata_id, number)
    )


def rows(table: FromClause, ids: list[int], *, start: float, end: float) -> Select[Any]:
    """Return every row of some metrics, in the order of time."""
    columns = table.c
    return (
        select(
            columns.metadata_id,
            columns.start_ts,
            columns.mean,
            columns.min,
            columns.max,
            columns.sum,
        )
        .where(
            columns.metadata_id.in_(ids),
            columns.start_ts >= start,
            columns.start_ts < end,
        )
        .order_by(columns.start_ts)
    )


def idle_rows(
    table: FromClause, hashrate_id: int, power_id: int, *, start: float, end: float
) -> Select[Any]:
    """Return begin and mean power of each row in which nothing was hashed."""
    hashrate, power = table.alias("hashrate"), table.alias("power")
    return (
        select(power.c.start_ts, power.c.mean)
        .select_from(
            hashrate.join(
                power,
                and_(
                    power.c.metadata_id == power_id,
                    power.c.start_ts == hashrate.c.start_ts,
                ),
            )
        )
        .where(
            hashrate.c.metadata_id == hashrate_id,
            hashrate.c.start_ts >= start,
            hashrate.c.start_ts < end,
            hashrate.c.mean <= 0,
            power.c.mean.is_not(None),
        )
    )


def oldest_row(table: FromClause, metadata_id: int) -> Select[Any]:
    """Return when the first row of a metric begins."""
    return select(func.min(table.c.start_ts)).where(table.c.metadata_id == metadata_id)


def counts(
    table: FromClause, ids: Sequence[int], *, start: float, end: float
) -> Statement:
    """Return how many rows of each metric there are, in one row.

    One question each, because a database answers such from its index alone, and SQLite
    takes five times as long to group.
    """
    numbers = {f"id_{index}": number for index, number in enumerate(ids)}
    return _counts(table, len(ids)), {"start": start, "end": end, **numbers}


@lru_cache(maxsize=32)
def _counts(table: FromClause, number_of_ids: int) -> Select[Any]:
    columns = table.c
    return select(
        *(
            select(func.count())
            .select_from(table)
            .where(
                columns.metadata_id == bindparam(f"id_{index}"),
                columns.start_ts >= bindparam("start"),
                columns.start_ts < bindparam("end"),
            )
            .scalar_subquery()
            .label(f"count_{index}")
            for index in range(number_of_ids)
        )
    )


@cache
def samples(table: FromClause) -> Select[Any]:
    """Return the sums of what some rows of each metric say, a row each.

    Asked with `ids`, the numbers of the metrics, and `moments`, the rows' beginnings.
    """
    columns = table.c
    return (
        select(
            columns.metadata_id,
            func.sum(columns.mean),
            func.sum(columns.min),
            func.sum(columns.max),
            func.sum(columns.sum),
        )
        .where(
            columns.metadata_id.in_(bindparam("ids", expanding=True)),
            columns.start_ts.in_(bindparam("moments", expanding=True)),
        )
        .group_by(columns.metadata_id)
        .order_by(columns.metadata_id)
    )


def newest_row(table: FromClause, metadata_id: int) -> Select[Any]:
    """Return when the last row of a metric begins."""
    return select(func.max(table.c.start_ts)).where(table.c.metadata_id == metadata_id)


def last_row(table: FromClause, metadata_id: int, moment: float) -> Select[Any]:
    """Return when the last row of a metric begins that begins not after a moment."""
    return select(func.max(table.c.start_ts)).where(
        table.c.metadata_id == metadata_id, table.c.start_ts <= moment
    )


def last_sum(table: FromClause, metadata_id: int, moment: float) -> Select[Any]:
    """Return a counter's sum in its last row that does not begin after a moment."""
    return (
        select(table.c.sum)
        .where(table.c.metadata_id == metadata_id, table.c.start_ts <= moment)
        .order_by(table.c.start_ts.desc())
        .limit(1)
    )


def _id_name(metric: Metric) -> str:
    return f"id_of_{metric}"


def _same_row(
    alias: Any, metadata_id: Any, source: Any, back: float = 0.0
) -> ColumnElement[bool]:
    moment = source.c.start_ts - back if back else source.c.start_ts
    return and_(alias.c.metadata_id == metadata_id, alias.c.start_ts == moment)


def _watched(
    energy: ColumnElement[float],
    energy_before: ColumnElement[float],
    power: ColumnElement[float],
    seconds: float,
    energy_factor: float,
) -> ColumnElement[bool]:
    """Return whether the energy grew as the power says, as far as that is known."""
    grown = (energy - energy_before) * energy_factor + _METER_KWH
    lag = bindparam("meter_lag", type_=Float)
    promised = power * (seconds * _WATCHED_SHARE - lag) / JOULES_PER_KWH
    return or_(grown.is_(None), promised.is_(None), grown >= promised)


def _block_columns(
    at: Mapping[Metric, Any], before: Mapping[Metric, Any]
) -> list[ColumnElement[Any]]:
    hashrate = at[Metric.HASHRATE].c.mean
    columns = [
        *_tally(at[Metric.HASHRATE].c, Metric.HASHRATE),
        func.sum(hashrate * hashrate).label("hashrate_squares"),
        func.min(hashrate).label("hashrate_lowest_mean"),
        func.max(hashrate).label("hashrate_highest_mean"),
    ]
    for name in TALLIED:
        if name in at:
            columns += _tally(at[name].c, name)
    if Metric.POWER in at:
        power = at[Metric.POWER].c.mean
        powered = case((power.is_not(None), hashrate))
        columns += [
            func.sum(power * power).label("power_squares"),
            func.sum(power * hashrate).label("power_hashrate"),
            func.sum(powered).label("powered_hashrate"),
            func.sum(powered * powered).label("powered_hashrate_squares"),
        ]
    if Metric.ERROR_RATE in at:
        rate = at[Metric.ERROR_RATE].c.mean
        columns += [
            func.sum(rate * hashrate).label("errors"),
            func.sum(case((rate.is_not(None), hashrate))).label("errors_hashrate"),
        ]
    columns += [
        func.sum(at[name].c.sum - before[name].c.sum).label(name)
        for name in COUNTED
        if name in at
    ]
    return columns


def _wall_columns(
    wall: ColumnElement[float], at: Mapping[Metric, Any]
) -> list[ColumnElement[Any]]:
    """Return the sums over the rows in which the plug and the power are known."""
    power, hashrate = at[Metric.POWER].c.mean, at[Metric.HASHRATE].c.mean
    known = and_(
        wall.is_not(None),
        power.is_not(None),
        at[Metric.HASHRATE].c.start_ts >= bindparam(_PLUG_SINCE, type_=Float),
    )
    return [
        func.count(case((known, 1))).label("wall_rows"),
        func.sum(case((known, wall))).label("wall"),
        func.sum(case((known, power))).label("wall_power"),
        func.sum(case((known, hashrate))).label("wall_hashrate"),
    ]


def _tally(columns: Any, name: str) -> list[ColumnElement[Any]]:
    prefix = f"{name}_" if name else ""
    return [
        func.count(columns.mean).label(f"{prefix}count"),
        func.sum(columns.mean).label(f"{prefix}total"),
        func.min(columns.min).label(f"{prefix}low"),
        func.max(columns.max).label(f"{prefix}high"),
    ]
