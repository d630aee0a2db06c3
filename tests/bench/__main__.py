"""All measurements: ``make bench``."""

import sys

from tests.bench import feel_bench

if __name__ == "__main__":
    sys.exit(feel_bench.main())
