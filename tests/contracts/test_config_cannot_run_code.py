"""A config sets numbers and names: nothing that is written in one is ever executed.

Every way in is tried with a canary, a file that would appear if the code ran, and with an
environment variable that must not be read.
"""

from __future__ import annotations

import pytest

from loopsim.cli import main
from loopsim.limits import Refused
from loopsim.study.compose import compose

SECRET = "canary-of-the-environment"


@pytest.fixture
def canary(tmp_path, monkeypatch):
    """A path that code in a config would create."""
    monkeypatch.setenv("LOOPSIM_CANARY", SECRET)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "canary"


def calls(canary) -> dict[str, str]:
    """Texts that make Hydra or OmegaConf run or read something, as YAML values."""
    return {
        "target": f"{{_target_: os.mkdir, path: {canary}}}",
        "partial": f"{{_target_: builtins.open, _args_: [{canary}, w], _partial_: true}}",
        "nested": f"[1, {{a: [{{_target_: os.mkdir, path: {canary}}}]}}]",
        "environment": "'${oc.env:LOOPSIM_CANARY}'",
        "hidden": "'a ${oc.env:LOOPSIM_CANARY,none} b'",
        "split": "'${oc.${seed}env:LOOPSIM_CANARY}'",
        "create": f"'${{oc.create:{{_target_: os.mkdir, path: {canary}}}}}'",
        "hydra": "'${hydra:runtime.cwd}'",
        "select": "'${oc.select:seed}'",
        "decode": "'${oc.decode:1}'",
    }


KINDS = sorted(calls(""))
PLACES = ("title", "city.groups", "world.offences", "prediction.sigma_m", "evidence.weights", "remedy.name")


def refused(capsys, *argv) -> str:
    """What the command line says when it refuses, and that it does."""
    assert main(list(argv)) == 2
    out, err = capsys.readouterr()
    assert SECRET not in out + err and "Traceback" not in err
    return err


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("key", PLACES)
@pytest.mark.parametrize("verb", ["show", "run"])
def test_no_override_runs_code_or_reads_the_environment(canary, capsys, kind, key, verb):
    refused(capsys, verb, f"{key}={calls(canary)[kind]}")
    assert not canary.exists()


@pytest.mark.parametrize(
    "line",
    [
        "_target_=os.mkdir", "city._target_=os.mkdir", "+prediction._target_=os.mkdir", "prediction=os.mkdir",
        "hydra.run.dir=canary", "+hydra.job.chdir=true", "hydra/launcher=basic", "hydra.searchpath=[pkg://os]",
        "hydra={run: {dir: canary}}", "prediction.name=os.mkdir", "prediction='../../etc/passwd'", "prediction=__init__",
        "scenario='../config'", "arms=[{a: ['prediction._target_=os.mkdir']}]", "arms=[{a: ['hydra.run.dir=canary']}]",
        "arms=[{a: ['title=${oc.env:LOOPSIM_CANARY}']}]", "arms=['../../config']", "~prediction", "city/../x=1",
        "remedy.changes=['prediction._target_=os.mkdir']", "city.file='${oc.env:LOOPSIM_CANARY}'",
        "out='${oc.env:LOOPSIM_CANARY}'", "instantiate=os.mkdir",
    ],
)  # fmt: skip
def test_no_key_leads_to_code_or_to_hydra(canary, capsys, line):
    refused(capsys, "show", line)
    assert list(canary.parent.iterdir()) == []


def own_file(folder, room, text):
    """A config folder of the user's own with one file in it."""
    first = "# @package _global_\n" if room == "scenario" else ""
    (folder / "mine" / room).mkdir(parents=True)
    (folder / "mine" / room / "own.yaml").write_text(f"{first}# my own\n{text}\n", "utf-8")
    return ["--config-dir", str(folder / "mine")]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("room", "text"),
    [
        ("scenario", "title: {}"),
        ("scenario", "city:\n  groups: {}"),
        ("scenario", "arms:\n  - loop\n  - other: [{}]"),
        ("arm", "overrides:\n  - {}"),
        ("prediction", "name: kde\nsigma_m: {}\nwindow_days: 5"),
        ("world", "name: fast\noffences:\n  burglary: {}"),
    ],
)
def test_no_file_of_the_users_own_runs_code(canary, capsys, kind, room, text):
    where = own_file(canary.parent, room, text.format(calls(canary)[kind]))
    chosen = {"arm": "arms=[own]"}.get(room, f"{room}=own")
    refused(capsys, *where, "show", chosen)
    refused(capsys, *where, "show")  # the whole folder is looked at, not only what was chosen
    assert not canary.exists()


@pytest.mark.parametrize(
    ("room", "text"),
    [
        ("scenario", "hydra:\n  run: {dir: canary}"),
        ("scenario", "defaults:\n  - override /hydra/launcher: basic"),
        ("scenario", "defaults:\n  - /hydra/job_logging: none"),
        ("scenario", "_target_: os.mkdir"),
        ("prediction", "_target_: os.mkdir\nname: kde"),
        ("prediction", "name: os.mkdir"),
        ("prediction", "name: kde\nobject: !!python/object/apply:os.mkdir [canary]"),
        ("prediction", "name: kde\n# @package hydra"),
        ("arm", "overrides: ['hydra.run.dir=canary']"),
        ("arm", "overrides: ['prediction._target_=os.mkdir']"),
        ("hydra", "run: {dir: canary}"),
    ],
)
def test_no_file_of_the_users_own_reaches_hydra_or_python(canary, capsys, room, text):
    where = own_file(canary.parent, room, text)
    chosen = {"arm": "arms=[own]", "hydra": "seed=1"}.get(room, f"{room}=own")
    refused(capsys, *where, "show", chosen)
    assert [p.name for p in canary.parent.iterdir()] == ["mine"]


def test_a_users_python_file_beside_a_config_is_not_imported(canary, capsys):
    """A stage is a file of the package or an installed entry point, never a file of the folder."""
    where = own_file(canary.parent, "prediction", "name: own")
    (canary.parent / "mine" / "prediction" / "own.py").write_text(
        f"open({str(canary)!r}, 'w')\nclass Own: pass\n"
    )
    (canary.parent / "own.py").write_text(f"open({str(canary)!r}, 'w')\nclass Own: pass\n")
    refused(capsys, *where, "show", "prediction=own")
    assert not canary.exists()


def test_a_file_cannot_take_the_place_of_one_that_loopsim_has(canary, capsys):
    (canary.parent / "mine" / "prediction").mkdir(parents=True)
    (canary.parent / "mine" / "prediction" / "kde.yaml").write_text("name: kde\nsigma_m: 1\nwindow_days: 1\n")
    assert "of its own; rename yours" in refused(capsys, "--config-dir", "mine", "show")


def test_a_reference_to_another_key_is_allowed_and_a_circle_is_refused():
    study = compose(["title='${scenario}'", "city.rows='${city.cols}'", "arms=[loop]"])
    assert (
        study.shared["title"] == "twin_cities"
        and study.setups["loop"].city.rows == study.setups["loop"].city.cols
    )
    with pytest.raises(Refused, match="reference cannot be resolved"):
        compose(["title='${about}'", "about='${title}'"])


def test_no_module_of_the_package_instantiates_from_a_config():
    import loopsim

    for path in sorted(__import__("pathlib").Path(loopsim.__file__).parent.rglob("*.py")):
        text = path.read_text("utf-8")
        for word in ("hydra.utils", "instantiate(", "yaml.load(", "eval(", "exec(", "pickle"):
            assert word not in text.replace(".eval(", "").replace("_eval(", ""), f"{path.name}: {word}"
