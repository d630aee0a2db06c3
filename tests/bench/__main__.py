"""All measurements: ``make bench``."""

import sys

from tests.bench import engine_bench, feel_bench, moving_bench

if __name__ == "__main__":
    sys.exit(max(feel_bench.main(), engine_bench.main(), moving_bench.main()))
