"""Scenes: the five short scenarios of a lesson, in the order they are shown."""

from __future__ import annotations

from dataclasses import dataclass

from loopsim.limits import Refused

SCENARIO = "classroom"
# Whole weeks, so that the last plan is a full one; two years as in twin_cities.
SHARED = ("days=728", "measure_days=182", "replicates=32")
BAN_DAY = 364  # after one year, on the day of a refit
# What the pages are about is not the user's to set: their words would no longer be true.
OWN = ("scenario", "days", "arms", "bias", "remedy", "feedback", "allocation", "title", "about", "out")


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One page of the lesson.

    Parameters
    ----------
    name : file name without .html
    title, about : for readers; `about` is what is done, never what comes out
    overrides : list of "key=value" on the scenario
    """

    name: str
    title: str
    about: str
    overrides: tuple[str, ...]

    @property
    def file(self) -> str:
        """The page's file name."""
        return f"{self.name}.html"

    def study(self, out, overrides=()):
        """The composed study of this scene; the user's overrides come last."""
        from loopsim.study.compose import compose

        title = f"title={_quoted(self.title)}"
        about = f"about={_quoted(self.about)}"
        asked = [*SHARED, *self.overrides, title, about, *overrides, f"out={_quoted(str(out))}"]
        return compose(asked, scenario=SCENARIO)


def refuse_own(overrides) -> None:
    """Refuse overrides of what the scenes set themselves; the budget of patrol is the user's."""
    keys = [str(line).partition("=")[0].lstrip("+~") for line in overrides]
    own = [k for k in keys if k.split(".")[0] in OWN and k not in ("allocation.budget", "bias.days")]
    if own:
        raise Refused([f"a lesson sets {key} itself; leave it out" for key in own])


SCENES = (
    Scene(
        name="1_fair_start",
        title="A fair start",
        about="Both groups were policed alike in the year before the model starts.",
        overrides=("bias.level=1", "arms=[loop,no_model]"),
    ),
    Scene(
        name="2_biased_start",
        title="A biased start",
        about="Streets where only the smaller group lives had twice the patrol per head in the year before the model starts.",
        overrides=("arms=[loop,clean_start,frozen,no_model]",),
    ),
    Scene(
        name="3_more_hotspots",
        title="More hotspots",
        about="The biased start, with the same patrol-hours spread over four times as many cells.",
        overrides=("allocation.k=180", "arms=[loop,{fewer_hotspots: ['allocation.k=45']},no_model]"),
    ),
    Scene(
        name="4_reports_only",
        title="Reports only",
        about="The biased start, with a model that is shown victims' reports and nothing that patrols found.",
        overrides=("remedy=reports_only", "arms=[loop,{all_records: ['remedy=nothing']},no_model]"),
    ),
    Scene(
        name="5_ban_after_a_year",
        title="A ban after a year",
        about="The biased start; after a year the model is switched off and patrol goes by population.",
        overrides=(
            "remedy=ban",
            f"remedy.from_day={BAN_DAY}",
            "arms=[loop,{no_ban: ['remedy=nothing']},no_model]",
        ),
    ),
)


def _quoted(text: str) -> str:
    """Text as one value of the command line's grammar."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
