// Explorer: week slider, play button, layer and arm switches, and the number that belongs to them.

loopsim.LAYERS = {
  people: "Who lives where",
  offences: "True offences so far",
  recorded: "Records so far",
  risk: "Prediction",
  patrol: "Patrol",
};

loopsim.node = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};

// A list to open where buttons would fill the screen.
loopsim.list = (legend, name, options, chosen, change) => {
  const select = loopsim.node("select", { name, id: `choose-${name}` });
  for (const [value, label] of Object.entries(options)) select.append(loopsim.node("option", { value }, label));
  select.value = chosen;
  select.addEventListener("change", () => change(select.value));
  const label = loopsim.node("label", { for: `choose-${name}` }, legend);
  return loopsim.node("p", { class: "list" }, label, select);
};

loopsim.choices = (legend, name, options, chosen, change) => {
  if (Object.keys(options).length > 8) return loopsim.list(legend, name, options, chosen, change);
  const row = loopsim.node("div", { class: "choices" });
  for (const [value, label] of Object.entries(options)) {
    const input = loopsim.node("input", { type: "radio", name, value });
    input.checked = value === chosen;
    input.addEventListener("change", () => change(value));
    row.append(loopsim.node("label", {}, input, loopsim.node("span", {}, label)));
  }
  return loopsim.node("fieldset", {}, loopsim.node("legend", {}, legend), row);
};

loopsim.Explorer = class {
  constructor(root, film) {
    this.film = film;
    this.arm = "loop" in film.arms ? "loop" : Object.keys(film.arms)[0];
    this.layer = "patrol";
    this.pair = film.pair;
    this.timer = null;
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
    this.build(root);
    this.map = new loopsim.Map(this.canvas, film);
    this.lines = new loopsim.Lines(this.svg, film);
  }

  build(root) {
    const { node, choices } = loopsim;
    this.canvas = node("canvas", { role: "img", id: "map" });
    this.svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    this.svg.setAttribute("class", "lines");
    this.svg.setAttribute("role", "img");
    this.slider = node("input", { type: "range", id: "week", min: 0, step: 1 });
    this.clock = node("label", { for: "week" });
    this.play = node("button", { type: "button", id: "play" }, "Play");
    this.scale = node("p", { class: "scale" });
    this.value = node("p", { class: "value", id: "value" });
    this.live = node("p", { id: "live", role: "status", class: "fine" });
    const left = node("div", {},
      choices("Map", "layer", loopsim.LAYERS, this.layer, (v) => { this.layer = v; this.show(true); }),
      this.canvas, this.scale, node("div", { class: "time" }, this.play, node("div", {}, this.clock, this.slider)));
    const right = node("div", {},
      choices("Arm", "arm", this.film.names, this.arm, (v) => { this.arm = v; this.turn(); }));
    const pairs = Object.keys(this.film.lines);
    if (pairs.length > 1) {
      const names = Object.fromEntries(pairs.map((p) => [p, p.replace("/", " against ")]));
      right.append(choices("Groups", "pair", names, this.pair, (v) => { this.pair = v; this.turn(); }));
    }
    right.append(this.value, this.svg, this.live);
    root.replaceWith(node("div", { class: "explorer" }, left, right));
    this.slider.addEventListener("input", () => { this.stop(); this.show(false); });
    this.slider.addEventListener("change", () => this.show(true));
    this.play.addEventListener("click", () => (this.timer ? this.stop() : this.start()));
  }

  get days() { return this.film.arms[this.arm].days; }

  get frame() { return Number(this.slider.value); }

  // Another arm or pair: keep the day, whatever frames the arm has.
  turn() {
    const day = this.day || 0;
    this.slider.max = this.days.length - 1;
    const at = this.days.findIndex((d) => d >= day);
    this.slider.value = at < 0 ? this.days.length - 1 : at;
    if (this.pair) this.lines.draw(this.pair, this.arm);
    this.show(true);
  }

  start() {
    if (this.frame >= this.days.length - 1) this.slider.value = 0;
    this.play.textContent = "Pause";
    const step = () => {
      if (this.frame >= this.days.length - 1) return this.stop();
      this.slider.value = this.frame + 1;
      return this.show(false);
    };
    step();
    this.timer = setInterval(step, this.still.matches ? 1500 : 180);
  }

  stop() {
    if (!this.timer) return;
    clearInterval(this.timer);
    this.timer = null;
    this.play.textContent = "Play";
    this.show(true);
  }

  show(speak) {
    const { film } = this;
    this.day = this.days[this.frame];
    const when = `week ${Math.round(this.day / 7)} (day ${this.day} of ${film.days})`;
    this.clock.textContent = `Time: ${when}`;
    this.slider.setAttribute("aria-valuetext", when);
    const values = this.map.paint(this.arm, this.layer, this.frame);
    const what = values
      ? `${loopsim.LAYERS[this.layer]}: the busiest 1 % of the city holds ${this.map.busiest(values).toFixed(1)} %`
      : `Share of ${film.group} residents, 0 to 100 %`;
    this.canvas.setAttribute("aria-label", `Map. ${what}. ${when}, ${film.names[this.arm]}.`);
    this.legend();
    const told = this.number();
    if (speak) this.live.textContent = `${film.names[this.arm]}, ${when}. ${what}. ${told}`;
  }

  legend() {
    const { film } = this;
    const shares = this.layer === "people";
    const bar = loopsim.node("i");
    bar.style.background = `linear-gradient(to right, ${(shares ? film.shares : film.colours).join(",")})`;
    const ends = shares ? ["0 %", `100 % ${film.group} residents`] : ["0", `${film.top} times the mean block or more`];
    this.scale.replaceChildren(ends[0], bar, ends[1]);
  }

  number() {
    if (!this.pair) return "";
    const row = this.lines.follow(this.day);
    if (!row || row[1] === null) return "";
    const [upper, lower] = this.pair.split("/");
    const [mean, lo, hi] = row.slice(1).map((v) => (v === null ? null : Math.exp(v).toFixed(2)));
    const interval = lo === null ? "one replicate, no interval" : `95 % interval ${lo} to ${hi}`;
    this.value.replaceChildren(`${upper} against ${lower}: `, loopsim.node("strong", { id: "ratio" }, `${mean}×`),
      ` patrol per head (${interval})`);
    this.value.dataset.day = row[0];
    const told = `Patrol per head, ${upper} against ${lower}: ${mean} times, ${interval}.`;
    this.svg.setAttribute("aria-label", `Line chart. ${told}`);
    return told;
  }

  async open() {
    await this.map.load();
    this.slider.max = this.days.length - 1;
    this.day = this.days[this.days.length - 1];
    this.turn();
    addEventListener("resize", () => this.turn());
    document.body.dataset.ready = "yes";
  }
};
