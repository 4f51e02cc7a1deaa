"""The page: Mesa's SolaraViz around the town. Solara imports this file by name."""

from __future__ import annotations

import solara
from mesa.visualization import Slider, SolaraViz

from loopsim.explore.model import ALLOCATIONS, EVIDENCE, MODELS, Town, usual
from loopsim.explore.pictures import curves, town, words

CAVEAT = (
    "A simulated town where all offend alike by construction: this measures no real police force. "
    "One future is shown, and chance is large in a small town; loopsim run runs many and gives intervals. "
    "Sliders take effect at Reset."
)
# Mesa lays components out on a grid of fixed height, in tabs, with labels beside the sliders: here they flow.
STYLE = """
.v-tabs, .vue-resizable-handle { display: none !important; }
.vue-grid-layout { display: flex; flex-wrap: wrap; gap: 12px; height: auto !important; padding: 12px; }
.vue-grid-item { position: static !important; transform: none !important; height: auto !important;
                 width: auto !important; flex: 1 1 420px; max-width: 720px; }
.vue-grid-item:has(.loopsim-words) { flex-basis: 100%; max-width: none; }
.vue-grid-item img { max-width: 100%; }
.v-input__slider .v-input__slot { flex-wrap: wrap; }
.v-input__slider .v-input__slot .v-label { width: 100%; height: auto; margin-bottom: 2px; }
"""


def sliders() -> dict:
    """What can be set, starting from the scenario's own values."""
    start = usual()
    return {
        "bias": Slider(
            "Bias: past patrol per head, orange against blue (1 = none)", start["bias"], 0.25, 5.0, 0.25
        ),
        "segregation": Slider(
            "Segregation (dissimilarity, 0 mixed, 1 apart)", start["segregation"], 0.0, 0.9, 0.01
        ),
        "reporting": Slider("Reporting by victims, times the usual", start["reporting"], 0.0, 2.0, 0.1),
        "stops": Slider("Stops per 100 officer-hours", start["stops"], 0.0, 30.0, 0.05),
        "hotspots": Slider("Hotspots: cells that share the patrol (top_cells)", start["hotspots"], 1, 200, 1),
        "allocation": _select("Allocation of patrols", start["allocation"], ALLOCATIONS),
        "prediction": _select("Prediction (population and uniform: no model)", start["prediction"], MODELS),
        "evidence": _select("Records the model is shown", start["evidence"], EVIDENCE),
        "seed": Slider("Which town and future (seed)", start["seed"], 1, 100, 1),
    }


def _select(label: str, value: str, values) -> dict:
    return {"type": "Select", "label": label, "value": value, "values": list(values)}


def Words(model):
    """What the charts say, for readers and screen readers."""
    with solara.Column(gap="4px", classes=["loopsim-words"]):
        for line in (*words(model), CAVEAT):
            solara.Text(line)


def Maps(model):
    """The maps of the town."""
    solara.FigureMatplotlib(town(model), dependencies=[id(model), model.day], format="png")


def Curves(model):
    """The chart that follows."""
    solara.FigureMatplotlib(curves(model), dependencies=[id(model), model.day], format="png")


@solara.component
def Page():
    """One town for each visitor."""
    solara.Title("loopsim explore")
    solara.Style(STYLE)
    model = solara.use_memo(Town, [])
    options = solara.use_memo(sliders, [])
    SolaraViz(
        model,
        components=[Words, Maps, Curves],
        model_params=options,
        name="loopsim explore",
        play_interval=200,
    )
