// One state; whatever changes it goes through `go`, which draws what has changed.
const element = (id) => document.getElementById(id);
const plots = {};
let state = null;
let pack = null;
let place = 0;

async function go(change, { history: kind = "push", redraw = false } = {}) {
  const wanted = { ...(state || {}), ...change };
  const next = await openPack(wanted.experiment);
  if (!next.has_theory && ["theory", "difference"].includes(wanted.layer)) wanted.layer = "slope";
  const column = nearest(next.columns, wanted.gamma);
  const row = nearest(next.rows, wanted.gamma_prime);
  wanted.gamma = next.columns[column];
  wanted.gamma_prime = next.rows[row];
  const before = state;
  const other = next !== pack || redraw;
  [state, pack, place] = [wanted, next, next.places[row][column]];
  const fragment = writeFragment(state);
  if (kind === "push" && fragment !== location.hash) history.pushState(null, "", fragment);
  else if (kind === "replace") history.replaceState(null, "", fragment);
  if (other) drawExperiment();
  if (other || before.layer !== state.layer) drawCells(plots.plane, pack, state.layer);
  if (other || before.show.join() !== state.show.join()) drawOverlays(plots.plane, pack, state.show);
  drawChosen(plots.plane, pack, place);
  drawPoint(plots, pack, place);
  syncControls();
  element("readout").innerHTML = readoutOf(pack, place, state.layer);
  document.title = `γ = ${coordinate(state.gamma)}, γ′ = ${coordinate(state.gamma_prime)}: phase diagram explorer`;
  if (before !== null) announce();
}

function announce() {
  element("live").textContent = readoutOf(pack, place, state.layer).replace("γ′", "γ prime").replace("S<sub>w</sub>", "slope") +
    ", " + element("regime").textContent;
}

function drawExperiment() {
  element("about").textContent = aboutOf(pack);
  element("no-theory").hidden = pack.has_theory;
  element("no-theory").textContent = pack.has_theory ? ""
    : "No lines, colours and initialisations of theory here: it is that of homogeneous activations, such as ReLU, and this experiment has another.";
  element("how").textContent = "Shown is one network: seed 0, m = " + widthOf(pack.width) +
    (pack.quadrature ? ", by " + count(pack.quadrature, "quadrature neuron") : "") +
    ". Of the neurons shown " + pack.sampled + " are drawn at random, and the others are those of the largest amplitudes |a||w| after training. RD against m is of all networks.";
  const starts = element("starts");
  starts.replaceChildren();
  const points = [
    ["a linear point, NTK", 0.5, 0], ["a critical one, mean field", 1, 0], ["a condensed one", 1.75, 0],
    ["where output weights learn alone", 1.25, 0.75], ["where input weights grow alone", 1.5, -0.8],
  ];
  for (const [words, gamma, gamma_prime] of points) {
    const [column, row] = [nearest(pack.columns, gamma), nearest(pack.rows, gamma_prime)];
    const [x, y] = [pack.columns[column], pack.rows[row]];
    if (Math.hypot(x - gamma, y - gamma_prime) > 0.16) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words;
    button.addEventListener("click", () => go({ gamma: x, gamma_prime: y }));
    starts.append(button);
  }
}

function syncControls() {
  element("experiment").value = state.experiment;
  for (const input of document.querySelectorAll("#layers input")) {
    input.checked = input.value === state.layer;
    input.disabled = !pack.has_theory && ["theory", "difference"].includes(input.value);
  }
  for (const input of document.querySelectorAll("#overlays input")) {
    input.checked = state.show.includes(input.value);
    input.disabled = !pack.has_theory && input.value !== "boundary";
  }
}

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1],
  Home: [-Infinity, 0], End: [Infinity, 0], PageUp: [0, Infinity], PageDown: [0, -Infinity] };

function onKey(event) {
  const step = STEPS[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const stride = event.shiftKey ? 5 : 1;
  const { row, column } = pack.cells[place];
  const moved = (values, from, by) => values[Math.min(values.length - 1, Math.max(0, from + by * stride))];
  go({
    gamma: step[0] ? moved(pack.columns, column, step[0]) : state.gamma,
    gamma_prime: step[1] ? moved(pack.rows, row, step[1]) : state.gamma_prime,
    // A walk over the grid is one page to go back from.
  }, { history: "replace" });
}

function under({ x, y }) {
  const inside = ({ edges }, value) => value >= edges[0] && value <= edges[edges.length - 1];
  const cell = ({ edges }, value) => Math.max(0, edges.findIndex((edge) => edge > value) - 1);
  const { gamma, gamma_prime } = pack.plane;
  if (!inside(gamma, x) || !inside(gamma_prime, y)) return null;
  return pack.places[cell(gamma_prime, y)][cell(gamma, x)];
}

function listen() {
  plots.plane.on_event("tap", (event) => {
    const found = under(event);
    if (found !== null) go({ gamma: pack.gamma[found], gamma_prime: pack.gamma_prime[found] });
  });
  plots.plane.on_event("mousemove", (event) => {
    const found = under(event);
    element("readout").innerHTML = readoutOf(pack, found === null ? place : found, state.layer);
  });
  plots.plane.on_event("mouseleave", () => {
    element("readout").innerHTML = readoutOf(pack, place, state.layer);
  });
  element("plane-area").addEventListener("keydown", onKey);
  element("experiment").addEventListener("change", (event) => go({ experiment: event.target.value }));
  element("layers").addEventListener("change", (event) => go({ layer: event.target.value }));
  element("overlays").addEventListener("change", () => {
    const checked = [...document.querySelectorAll("#overlays input:checked")].map((input) => input.value);
    go({ show: OVERLAYS.filter((overlay) => checked.includes(overlay)) });
  });
  const repaint = () => { applyTheme(plots); go({}, { redraw: true, history: "none" }); };
  element("theme").addEventListener("click", () => { toggleTheme(); repaint(); });
  prefersDark.addEventListener("change", repaint);
  // Links within the page, back and forward: the address leads.
  const follow = () => { if (location.hash !== "#plane-area") go(parseFragment(location.hash), { history: "none" }); };
  window.addEventListener("popstate", follow);
  window.addEventListener("hashchange", follow);
}

async function begin() {
  document.documentElement.dataset.theme = currentTheme();
  for (const name of KNOWN.experiments) {
    const option = document.createElement("option");
    option.value = name;
    option.textContent = name.replaceAll("_", " ");
    element("experiment").append(option);
  }
  const { document: content, roots } = KNOWN.plots;
  const places = Object.fromEntries(Object.entries(roots).map(([name, id]) => [id, "plot-" + name]));
  await Bokeh.embed.embed_items({ explorer: content },
    [{ docid: "explorer", roots: places, root_ids: Object.values(roots) }]);
  const found = Bokeh.documents[Bokeh.documents.length - 1];
  for (const name of Object.keys(roots)) plots[name] = found.get_model_by_name(name);
  applyTheme(plots);
  await go(parseFragment(location.hash), { history: "replace" });
  listen();
  document.body.dataset.ready = "true";
}

begin();
