// Lines: the disparity of patrol over time, an arm a line, with a marker that follows the slider.

loopsim.INKS = { loop: "#b2220f", clean_start: "#7a5bb0", frozen: "#1f7f74", no_model: "#5f5f5f" };
loopsim.OTHERS = ["#a85f00", "#1f4e8c", "#a63d78", "#50690f", "#7a5bb0", "#1f7f74", "#8c2d04", "#111111"];

loopsim.ink = (arm, arms) => loopsim.INKS[arm]
  || loopsim.OTHERS[arms.filter((a) => !loopsim.INKS[a]).indexOf(arm) % loopsim.OTHERS.length];

// The row in force on a day: that of the last plan made before it.
loopsim.rowAt = (rows, day) => {
  let found = rows[0];
  for (const row of rows) if (row[0] < day && row[1] !== null) found = row;
  return found;
};

loopsim.Lines = class {
  constructor(svg, film) {
    this.svg = svg;
    this.film = film;
    this.fit();
  }

  // One unit is one pixel, so that the words stay readable on a phone.
  fit() {
    const width = Math.max(280, Math.round(this.svg.getBoundingClientRect().width) || 560);
    this.svg.setAttribute("viewBox", `0 0 ${width} 312`);
    this.box = { left: 46, right: width - 14, top: 12, bottom: 268 };
  }

  make(tag, attributes, text) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    this.svg.append(made);
    return made;
  }

  x(day) {
    return this.box.left + (day / this.film.days) * (this.box.right - this.box.left);
  }

  y(log) {
    const { top, bottom } = this.box;
    const at = (this.high - log) / (this.high - this.low);
    return top + Math.min(Math.max(at, 0), 1) * (bottom - top);
  }

  scale(lines, arm) {
    const means = Object.values(lines).flat().map((r) => r[1]).filter((v) => v !== null);
    const band = (lines[arm] || []).flatMap((r) => [r[2], r[3]]).filter((v) => v !== null);
    const reach = Math.max(...means.map(Math.abs), 0.4) + Math.log(3);
    this.low = Math.max(Math.min(...means, ...band, -0.2), -reach) - 0.06;
    this.high = Math.min(Math.max(...means, ...band, 0.2), reach) + 0.06;
  }

  axes() {
    const { left, right, bottom } = this.box;
    const all = [0.01, 0.1, 0.2, 0.5, 0.7, 1, 1.4, 2, 3, 5, 10, 20, 50, 100];
    let ticks = all.filter((t) => Math.log(t) >= this.low && Math.log(t) <= this.high);
    if (ticks.length > 7) ticks = ticks.filter((t) => [0.1, 0.5, 1, 2, 5, 10, 50].includes(t));
    for (const t of ticks) {
      const y = this.y(Math.log(t));
      this.make("line", { x1: left, x2: right, y1: y, y2: y, stroke: t === 1 ? "#1a1a1a" : "#dddddd" });
      this.make("text", { x: left - 6, y: y + 4, "text-anchor": "end" }, `${t}×`);
    }
    const years = this.film.days >= 700;
    const unit = years ? 365 : 30.4;
    const step = unit * Math.max(1, Math.round(this.film.days / unit / 6));
    for (let day = 0; day <= this.film.days * 1.01; day += step) {
      this.make("text", { x: this.x(day), y: bottom + 18, "text-anchor": "middle" }, Math.round(day / unit));
    }
    this.make("text", { x: (left + right) / 2, y: bottom + 38, "text-anchor": "middle" },
      years ? "years under the model" : "months under the model");
  }

  path(rows, at) {
    return rows.filter((r) => r[at] !== null).map((r, i) => `${i ? "L" : "M"}${this.x(r[0]).toFixed(1)} ${this.y(r[at]).toFixed(1)}`).join("");
  }

  // A plan is in force until the next one: the last one to the end of the run.
  held(rows) {
    const last = rows.filter((r) => r[1] !== null).at(-1);
    return last ? [...rows, [this.film.days, ...last.slice(1)]] : rows;
  }

  draw(pair, arm) {
    this.svg.replaceChildren();
    this.fit();
    this.lines = this.film.lines[pair] || {};
    const arms = Object.keys(this.lines);
    this.scale(this.lines, arm);
    this.axes();
    const rows = this.held(this.lines[arm] || []);
    const banded = rows.filter((r) => r[2] !== null);
    if (banded.length > 1) {
      const back = [...banded].reverse().map((r) => `L${this.x(r[0]).toFixed(1)} ${this.y(r[2]).toFixed(1)}`).join("");
      this.make("path", { d: `${this.path(banded, 3)}${back}Z`, fill: loopsim.ink(arm, arms), opacity: 0.18 });
    }
    for (const name of [...arms.filter((a) => a !== arm), arm]) {
      const own = name === arm;
      this.make("path", { d: this.path(this.held(this.lines[name]), 1), fill: "none", "stroke-width": own ? 3 : 1.5,
        stroke: own ? loopsim.ink(name, arms) : "#b8b8b8" });
    }
    this.marker = this.make("line", { y1: this.box.top, y2: this.box.bottom, stroke: "#1a1a1a", "stroke-dasharray": "4 3" });
    this.dot = this.make("circle", { r: 6, fill: loopsim.ink(arm, arms), stroke: "#ffffff", "stroke-width": 2 });
    this.arm = arm;
  }

  // Move the marker; returns the row it stands on.
  follow(day) {
    const rows = this.lines[this.arm] || [];
    const row = rows.length ? loopsim.rowAt(rows, day) : null;
    const x = this.x(day);
    this.marker.setAttribute("x1", x);
    this.marker.setAttribute("x2", x);
    this.dot.setAttribute("visibility", row && row[1] !== null ? "visible" : "hidden");
    if (row && row[1] !== null) {
      this.dot.setAttribute("cx", x);
      this.dot.setAttribute("cy", this.y(row[1]));
    }
    return row;
  }
};
