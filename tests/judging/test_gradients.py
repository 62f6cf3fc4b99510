"""Does the gradient check fail on gradients that are wrong, and only on those?"""

from __future__ import annotations

import numpy as np
import pytest

from autograder.judging.check import Finding
from autograder.judging.gradients import directional_difference, expect_gradient


def cubes(x: np.ndarray) -> float:
    return float(np.sum(x**3))


def test_the_difference_of_a_cubic_is_exact_to_second_order() -> None:
    at, direction = np.array([1.0, 2.0]), np.array([0.6, 0.8])
    exact = float(3 * at**2 @ direction)
    assert directional_difference(cubes, at, direction) == pytest.approx(exact, rel=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_a_right_gradient_passes_also_with_float32_inside(seed: int) -> None:
    rng = np.random.default_rng(seed)
    at = rng.standard_normal((3, 4))
    single = lambda x: float(np.sum(x.astype(np.float32) ** 3))  # noqa: E731
    for function in (cubes, single):
        assert expect_gradient("dx", 3 * at**2, function, at, rng) is None


def test_a_wrong_gradient_is_a_finding_with_both_numbers() -> None:
    rng = np.random.default_rng(0)
    at = rng.standard_normal((3, 4))
    with pytest.raises(Finding) as caught:
        expect_gradient("dx", 3.5 * at**2, cubes, at, rng, help="Look at the power.")
    assert "`dx` does not fit your own loss" in caught.value.rationale
    assert "(finite difference), the gradient says" in caught.value.rationale
    assert caught.value.help == "Look at the power."


def test_nan_never_passes() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(Finding):
        expect_gradient("dx", np.full(3, np.nan), cubes, np.ones(3), rng)


@pytest.mark.parametrize("kind", [np.float64, np.float32])
def test_a_kink_beside_the_point_is_no_reason_to_refuse(kind: type) -> None:
    """A ReLU that switches within every step but the shortest."""
    rng = np.random.default_rng(0)
    at = rng.standard_normal((4, 3))
    for distance in (1e-2, 1e-3, 1e-4, 1e-5):
        elbows = at + distance

        def kinked(x: np.ndarray, elbows: np.ndarray = elbows) -> float:
            return float(np.sum((x + np.maximum(x - elbows, 0)).astype(kind)))

        assert expect_gradient("dx", np.ones_like(at), kinked, at, rng) is None


@pytest.mark.parametrize("seed", range(40))
def test_kinks_as_close_together_as_in_a_convolution_are_no_reason_to_refuse(seed: int) -> None:
    """Elbows at every distance from 1e-6 on, so that two long steps may agree on a wrong slope."""
    rng = np.random.default_rng(seed)
    places = 10.0 ** rng.uniform(-6, -2, 60) * rng.choice([-1, 1], 60)
    turns = rng.normal(0, 0.02, 60)

    def kinked(x: np.ndarray) -> float:
        t = float(x[0])
        return 0.16 * t + float(turns @ (np.maximum(t - places, 0) - np.maximum(-places, 0)))

    right = np.array([0.16 + turns[places < 0].sum()])
    assert expect_gradient("dx", right, kinked, np.zeros(1), rng) is None
    with pytest.raises(Finding):
        expect_gradient("dx", right + 1, kinked, np.zeros(1), rng)


def test_long_steps_that_agree_on_a_wrong_slope_do_not_decide() -> None:
    """As was seen with a right convolution: beyond 3e-6 to both sides the slope is another."""
    rng = np.random.default_rng(0)

    def kinked(x: np.ndarray) -> float:
        t = float(x[0])
        return 0.08 * t + 0.08 * float(np.clip(t, -3e-6, 3e-6))

    assert expect_gradient("dx", np.array([0.16]), kinked, np.zeros(1), rng) is None
    with pytest.raises(Finding):
        expect_gradient("dx", np.array([0.3]), kinked, np.zeros(1), rng)


@pytest.mark.parametrize("seed", range(20))
def test_steps_that_float32_cannot_see_make_no_wrong_gradient_right(seed: int) -> None:
    """Of a step of 1e-7 float32 shows nothing, and the slope is not 0 for that."""
    rng = np.random.default_rng(seed)
    at = 1 + rng.random((5, 2))
    single = lambda x: float(np.sum(np.square(x, dtype=np.float32)))  # noqa: E731
    assert expect_gradient("dx", 2 * at, single, at, rng) is None
    for wrong in (np.zeros_like(at), 4 * at, at):
        with pytest.raises(Finding):
            expect_gradient("dx", wrong, single, at, rng)


def test_a_gradient_of_the_wrong_shape_of_numbers_is_found_in_many_dimensions() -> None:
    """Each of four directions sees a random error by itself."""
    refused = 0
    for seed in range(50):
        rng = np.random.default_rng(seed)
        at, slope = rng.standard_normal(400), rng.standard_normal(400)
        wrong = rng.standard_normal(400)
        try:
            expect_gradient("dx", wrong, lambda x, slope=slope: float(slope @ x), at, rng)
        except Finding:
            refused += 1
    assert refused == 50


def test_a_function_with_two_values_at_one_place_has_no_gradient() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(Finding) as caught:
        expect_gradient(
            "dx", np.ones(3), lambda x: float(x.sum() + rng.random()), np.ones(3), rng, help="Seed?"
        )
    assert "`dx` cannot fit your own loss, which has two values with the same parameters" in (
        caught.value.rationale
    )
    assert caught.value.help == "Seed?"
