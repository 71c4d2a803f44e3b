"""Finds the operating point that serves a goal best, safely.

Pure but for the last of these: readings go in, decisions come out, time comes in with
the readings. `TuningRun` is what to use; the rest is how it decides.

- `goals`: what is wanted, and what must not happen on the way
- `machine`: what is known of the miner before anything is measured
- `sample`: the part of a reading that tuning looks at
- `cliff`: belief about the core voltage that is needed
- `consumption`, `heat`: power, temperatures and fan at points not yet measured
- `trial`: judges one operating point; `limits` separates limits from scatter
- `search`: chooses the next one
- `run`: a whole run, step by step
- `task`, `interference`, `record`: what has to be known of a run besides, what others
  do to the miner meanwhile, and what is stored
- `soak`: a profile for hours, judged as a trial is
- `report`, `profiles`: what a run found, and the points that are kept of it
- `preparation`, `access`, `session`, `power_limit`, `services`, `issues`, `chart`: ask
  Home Assistant, and carry out on a miner what a run decides
"""

from .goals import Goal, Targets
from .machine import KnownPoint, Machine
from .run import Phase, Step, StepKind, TuningResult, TuningRun
from .sample import Sample
from .trial import Outcome, TrialResult

__all__ = [
    "Goal",
    "KnownPoint",
    "Machine",
    "Outcome",
    "Phase",
    "Sample",
    "Step",
    "StepKind",
    "Targets",
    "TrialResult",
    "TuningResult",
    "TuningRun",
]
