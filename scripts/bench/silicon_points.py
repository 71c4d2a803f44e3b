"""What real miners do at an operating point, to measure the simulated silicon by.

Each row sums up the public benchmarks of about the same operating point: medians of
clock rate, core voltage, power, hashrate over the expected one, and temperature of the
ASIC. About 300 points went in. The ones of four chips come from firmware that guesses
its hashrate and scatter by several percent.
"""

from typing import NamedTuple


class Point(NamedTuple):
    """One operating point in MHz and mV, with what was measured there.

    `watts` is the power that the firmware reports, `share` the hashrate over the
    expected one, `asic_c` the temperature in °C.
    """

    mhz: float
    mv: float
    watts: float
    share: float
    asic_c: float


BM1368_1 = (
    Point(412, 1112, 9.8, 0.96, 44),
    Point(412, 1200, 11.2, 1.0, 45),
    Point(450, 1112, 10.7, 0.69, 42),
    Point(450, 1200, 12.1, 1.0, 47),
    Point(500, 1112, 11.7, 0.62, 46),
    Point(500, 1150, 12.2, 0.87, 46),
    Point(500, 1200, 13.3, 1.0, 48),
    Point(500, 1275, 15.1, 0.99, 52),
    Point(550, 1112, 13.2, 0.47, 49),
    Point(550, 1150, 13.7, 0.73, 46),
    Point(550, 1200, 14.6, 1.0, 50),
    Point(550, 1275, 16.7, 1.0, 55),
    Point(600, 1112, 14.7, 0.45, 52),
    Point(600, 1150, 15.0, 0.52, 52),
    Point(600, 1200, 15.9, 0.92, 53),
    Point(600, 1250, 17.4, 1.0, 54),
)
BM1370_1 = (
    Point(525, 1100, 15.5, 1.0, 55),
    Point(600, 1100, 17.8, 1.0, 60),
    Point(650, 1100, 19.1, 1.0, 62),
    Point(700, 1100, 20.4, 0.98, 64),
    Point(688, 1125, 21.0, 1.0, 64),
    Point(750, 1100, 21.5, 0.73, 64),
    Point(750, 1125, 22.5, 0.88, 65),
    Point(750, 1150, 23.7, 1.0, 67),
    Point(950, 1225, 31.8, 0.99, 60),
    Point(950, 1300, 36.9, 1.0, 60),
)
BM1370_2 = (
    Point(701, 1277, 47.7, 1.0, 39),
    Point(701, 1347, 52.7, 1.0, 42),
    Point(750, 1160, 45.0, 0.5, 38),
    Point(750, 1195, 45.6, 0.8, 39),
    Point(758, 1240, 48.1, 0.99, 41),
    Point(751, 1270, 50.0, 1.0, 41),
    Point(780, 1120, 46.3, 0.35, 44),
    Point(780, 1160, 47.7, 0.6, 45),
    Point(790, 1200, 49.5, 0.84, 47),
    Point(805, 1240, 52.7, 0.99, 48),
    Point(800, 1270, 53.8, 1.0, 44),
    Point(850, 1280, 58.5, 0.99, 48),
    Point(900, 1320, 64.1, 1.0, 51),
    Point(901, 1360, 68.8, 1.0, 55),
    Point(950, 1400, 77.8, 1.0, 59),
    Point(1008, 1270, 71.8, 0.64, 55),
    Point(1000, 1355, 76.2, 1.0, 59),
    Point(1048, 1270, 72.4, 0.55, 35),
    Point(1050, 1374, 80.2, 1.0, 58),
    Point(1089, 1367, 83.3, 1.0, 58),
)
BM1370_4 = (
    Point(510, 1165, 69.8, 0.92, 52),
    Point(510, 1190, 72.0, 0.94, 50),
    Point(550, 1165, 74.6, 0.93, 53),
    Point(550, 1190, 76.5, 0.97, 52),
    Point(600, 1160, 78.7, 0.9, 50),
    Point(600, 1190, 83.0, 0.98, 52),
    Point(650, 1160, 83.1, 0.88, 52),
    Point(650, 1190, 87.9, 0.93, 53),
    Point(700, 1160, 90.8, 0.87, 55),
    Point(700, 1190, 94.3, 1.0, 55),
    Point(740, 1160, 98.3, 0.76, 58),
    Point(740, 1180, 98.8, 0.95, 57),
)

POINTS: dict[tuple[str, int], tuple[Point, ...]] = {
    ("BM1368", 1): BM1368_1,
    ("BM1370", 1): BM1370_1,
    ("BM1370", 2): BM1370_2,
    ("BM1370", 4): BM1370_4,
}
"""Points by ASIC model and number of chips."""
