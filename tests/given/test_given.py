"""Do the files that students get do what their docstrings say, on awkward input too?"""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType
from typing import Any

import matplotlib
import numpy as np
import pytest

from autograder.assignment import load_assignment

matplotlib.use("agg")


def small_data(rng: np.random.Generator) -> dict[str, np.ndarray]:
    X = rng.standard_normal((60, 6))
    y = (X[:, 0] > 0).astype(int)
    return {"X_train": X[:40], "y_train": y[:40], "X_val": X[40:], "y_val": y[40:]}


def trained(nn: ModuleType, **options: object) -> object:
    rng = np.random.default_rng(0)
    np.random.seed(0)
    model = nn.classifiers.fc_net.TwoLayerNet(6, 8, 2, weight_scale=0.1)
    solver = nn.solver.Solver(
        model, small_data(rng), optim_config={"learning_rate": 0.5}, batch_size=10, seed=1,
        **{"num_epochs": 5, "verbose": False, **options},
    )  # fmt: skip
    solver.train()
    return solver


# --- Solver -----------------------------------------------------------------------------------


def test_training_is_recorded_and_repeatable(nn: ModuleType) -> None:
    first, second = trained(nn), trained(nn)
    assert len(first.loss_history) == 5 * 4
    assert len(first.val_acc_history) == len(first.train_acc_history) == 6
    assert first.loss_history == second.loss_history
    assert first.loss_history[-1] < first.loss_history[0]


def test_the_model_ends_with_its_best_parameters(nn: ModuleType) -> None:
    solver = trained(nn)
    reached = solver.check_accuracy(solver.X_val, solver.y_val)
    assert reached == solver.best_val_acc == max(solver.val_acc_history)


def test_the_learning_rate_decays_for_each_parameter(nn: ModuleType) -> None:
    solver = trained(nn, lr_decay=0.5, num_epochs=3)
    rates = {name: config["learning_rate"] for name, config in solver.optim_configs.items()}
    assert rates == dict.fromkeys(solver.model.params, 0.5 * 0.5**3)


def test_checkpoints_and_histories_are_arrays(nn: ModuleType, tmp_path: Path) -> None:
    solver = trained(nn, checkpoint_name=str(tmp_path / "net"), num_epochs=2)
    solver.record_histories_as_npz(tmp_path / "histories.npz")
    with np.load(tmp_path / "net_epoch_2.npz", allow_pickle=False) as saved:
        assert set(solver.model.params) <= set(saved.files)
        assert saved["loss_history"].tolist() == solver.loss_history
    with np.load(tmp_path / "histories.npz", allow_pickle=False) as saved:
        assert saved["val_acc_history"].tolist() == solver.val_acc_history
    assert (tmp_path / "net_epoch_1.npz").is_file()


def test_progress_is_drawn_or_printed_or_silent(
    nn: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    trained(nn)
    assert capsys.readouterr().out == ""
    trained(nn, verbose=True)
    assert "epoch 5/5" in capsys.readouterr().out
    trained(nn, verbose=True, print_every=10)
    out = capsys.readouterr().out
    assert "step 1/20: loss" in out
    assert "best validation accuracy" in out


def test_an_unknown_update_rule_is_named(nn: ModuleType) -> None:
    with pytest.raises(ValueError, match=r"update_rule='adagrad': there is no such function"):
        trained(nn, update_rule="adagrad")


# --- gradients --------------------------------------------------------------------------------


def test_numerical_gradients_are_right_and_leave_the_point(nn: ModuleType) -> None:
    x = np.random.default_rng(0).standard_normal((3, 2))
    before = x.copy()
    gradient = nn.gradient_check.eval_numerical_gradient(lambda v: float(np.sum(v**3)), x)
    np.testing.assert_allclose(gradient, 3 * x**2, rtol=1e-6)
    dout = np.ones((3, 2))
    gradient = nn.gradient_check.eval_numerical_gradient_array(np.tanh, x, dout)
    np.testing.assert_allclose(gradient, 1 - np.tanh(x) ** 2, rtol=1e-6)
    np.testing.assert_array_equal(x, before)


def test_a_function_may_return_a_view_or_its_own_array(nn: ModuleType) -> None:
    x, dout, kept = np.ones((2, 3)), np.arange(6.0), np.zeros(6)

    def reuse(v: np.ndarray) -> np.ndarray:
        kept[:] = 2 * v.reshape(-1)
        return kept

    gradient = nn.gradient_check.eval_numerical_gradient_array
    np.testing.assert_allclose(gradient(np.ravel, x, dout), dout.reshape(2, 3))
    np.testing.assert_allclose(gradient(reuse, x, dout), 2 * dout.reshape(2, 3))


def test_integers_are_refused_or_converted(
    nn: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = np.array([1, 2])
    with pytest.raises(TypeError, match=r"use x\.astype\(float\)"):
        nn.gradient_check.eval_numerical_gradient(np.sum, whole)
    worst = nn.gradient_check.grad_check_sparse(lambda v: float(v @ v), whole, 2.0 * whole, seed=0)
    assert worst < 1e-6
    assert "numerical" in capsys.readouterr().out


def test_two_zero_gradients_agree(nn: ModuleType) -> None:
    assert nn.gradient_check.grad_check_sparse(lambda v: 0.0, np.ones(3), np.zeros(3)) == 0
    assert nn.gradient_check.relative_error(np.zeros(2), np.zeros(2)) == 0
    with pytest.raises(ValueError, match="equal shapes"):
        nn.gradient_check.relative_error(np.zeros(2), np.zeros(3))


# --- pictures and data ------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(5, 4, 3), (5, 4, 3, 1), (5, 4, 3, 3), (1, 2, 2), (0, 2, 2)])
def test_grids_hold_every_image(nn: ModuleType, shape: tuple[int, ...]) -> None:
    images = np.random.default_rng(0).standard_normal(shape)
    grid = nn.vis_utils.visualize_grid(images)
    assert grid.ndim == (3 if shape[-1] == 3 and len(shape) == 4 else 2)
    assert grid.min(initial=0) >= 0
    assert grid.max(initial=0) <= 1


def test_a_grid_of_something_else_is_refused(nn: ModuleType) -> None:
    with pytest.raises(ValueError, match="visualize_grid takes images"):
        nn.vis_utils.visualize_grid(np.zeros((2, 3)))


def test_curves_and_weights_are_drawn(nn: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    import matplotlib.pyplot as plt

    monkeypatch.setattr(plt, "show", lambda: None)
    nn.vis_utils.plot_histories(trained(nn), "title", 0.5)
    nn.vis_utils.show_weights(np.zeros((12, 5)), (3, 2, 2))
    assert len(plt.get_fignums()) == 2
    plt.close("all")


@pytest.mark.parametrize(
    ("settings", "shape"),
    [
        ({}, (4000, 1, 28, 28)),
        ({"name": "digits", "num_train": 1197, "num_val": 300, "num_test": 300}, (1197, 1, 8, 8)),
    ],
    ids=["mnist8k", "digits"],
)
def test_images_are_split_and_scaled(
    nn: ModuleType, settings: dict[str, Any], shape: tuple[int, ...]
) -> None:
    data = nn.data_utils.load_data(**settings)
    assert data["X_train"].shape == shape
    assert data["X_train"].dtype == np.float32
    np.testing.assert_allclose(data["X_train"].mean(axis=0), 0, atol=1e-5)
    assert data["X_train"].std() == pytest.approx(1, abs=1e-3)
    assert set(data["y_val"]) == set(range(10))


def test_an_unknown_data_set_is_refused(nn: ModuleType) -> None:
    said = (
        "No data set is called 'mnist9k'. Did you mean 'mnist8k' or 'mnist'? There are: mnist8k, "
        "digits, shapes, mnist, cifar10."
    )
    with pytest.raises(ValueError, match=re.escape(said)):
        nn.data_utils.load_data("mnist9k")
    with pytest.raises(ValueError, match=r"No data set is called 'x'\. There are: mnist8k, "):
        nn.data_utils.load_data("x")


def test_settings_are_those_of_the_course(nn: ModuleType) -> None:
    from nn.settings import load_settings  # type: ignore[import-not-found]

    about = load_assignment("fully_connected_nets")
    for name, training in about.training.items():
        settings = load_settings(name)
        assert settings.training == training
        assert settings.goals == about.thresholds[name]
        assert settings.weights_count is about.training_grades.uses_weights
    with pytest.raises(ValueError, match=r"Did you mean 'digits'\?"):
        load_settings("digit")


def test_missing_files_come_with_an_address_a_command_and_a_folder(
    nn: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTOGRADER_DATA", str(tmp_path))
    with pytest.raises(FileNotFoundError) as found:
        nn.data_utils.load_data("mnist")
    assert str(found.value).splitlines() == [
        f"MNIST handwritten digits is not here: there is no mnist or MNIST/raw in {tmp_path}.",
        "1. Download it, 12 MB, from http://yann.lecun.com/exdb/mnist/, or in a terminal in that "
        "folder:",
        *(
            "       curl --create-dirs --output-dir mnist -LO "
            f"https://ossci-datasets.s3.amazonaws.com/mnist/{name}-ubyte.gz"
            for name in ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3",
                         "t10k-labels-idx1")
        ),
        "2. Name the folder, in a cell above everything else, and run all cells again:",
        "       import os",
        f'       os.environ["AUTOGRADER_DATA"] = {str(tmp_path)!r}',
        "The data set that the notebook comes with needs none of this.",
    ]  # fmt: skip
    with pytest.raises(
        FileNotFoundError, match=r"curl -LO https://www\.cs\.toronto\.edu/~kriz/cifar"
    ):
        nn.data_utils.load_data("cifar10")
