"""The product's verdicts beside the reference's, over ledgers drawn at random."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from .comparing import compare

SEEDS = range(1, 61) if "SOAK" in os.environ else range(1, 4)
"""Each is about 350 expectations: 1,000 in the suite, 20,000 in `make soak`."""


@pytest.mark.parametrize("seed", SEEDS)
def test_the_product_and_the_reference_agree(seed: int, tmp_path: Path) -> None:
    tally = compare(tmp_path, seed, 50, results=True)
    assert tally.compared > 200
    assert not tally.differences, "\n\n".join(map(str, tally.differences[:5]))
