"""How many examples property-based tests try."""

import os

from hypothesis import HealthCheck, Phase, settings

ENVIRONMENT = "BITAXE_EXAMPLES"
"""Factor on the number of examples; with one, other examples are tried each time."""


def examples(count: int, *, steps: int = 50) -> settings:
    """Return settings of a test that tries so many examples unless asked otherwise.

    The same ones each time: a suite that fails now and then is of no use. To search for
    more, set the environment variable `BITAXE_EXAMPLES` to a factor.
    """
    factor = os.environ.get(ENVIRONMENT)
    return settings(
        max_examples=round(count * float(factor or 1)),
        stateful_step_count=steps,
        derandomize=factor is None,
        database=None,
        deadline=None,
        print_blob=True,
        # To explain a failure takes many times as long as to find it.
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
