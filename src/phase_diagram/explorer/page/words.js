// Numbers and sentences.
const SUPERSCRIPTS = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷",
  8: "⁸", 9: "⁹" };

function minus(text) {
  return text.replace("-", "−");
}

function decimal(value, digits = 2) {
  if (!Number.isFinite(value)) return "not known";
  if (value !== 0 && Math.abs(value) < 0.5 * 10 ** -digits) return powerOfTen(Math.log10(Math.abs(value)), value < 0);
  return minus(value.toFixed(digits));
}

function superscript(whole) {
  return String(whole).split("").map((digit) => SUPERSCRIPTS[digit]).join("");
}

function coordinate(value) {
  return minus(String(Number(value.toPrecision(6))));
}

// 10 to the logarithm, in words such as 0.012, 22, 100,000 or 3.1 × 10⁻²⁰.
function powerOfTen(logarithm, negative = false, digits = 2) {
  if (!Number.isFinite(logarithm)) return "not known";
  const sign = negative ? "−" : "";
  if (logarithm > -3 && logarithm < 6) {
    const value = Number((10 ** logarithm).toPrecision(digits));
    return sign + value.toLocaleString("en");
  }
  let whole = Math.floor(logarithm + 1e-9);
  let factor = Number((10 ** (logarithm - whole)).toPrecision(2));
  if (factor >= 10) [factor, whole] = [1, whole + 1];
  const power = "10" + superscript(whole);
  return sign + (factor === 1 ? power : factor + " × " + power);
}

function widthOf(width) {
  return powerOfTen(Math.log10(width), false, 6);
}

function count(number, noun) {
  return number.toLocaleString("en") + " " + noun + (number === 1 ? "" : "s");
}

const SEEN = {
  lazy: "The wider the network, the less its neurons move: it trains like a linear model, with the " +
    "kernel it began with. After training its neurons point where they pointed before.",
  linear_upper: "The output weights alone learn, on random features: amplitudes change, but the " +
    "input weights hardly move, the less the wider the network, and keep their orientations.",
  critical: "On the boundary, input weights move by their own size, however wide the network: " +
    "neurons turn, and part of them gather.",
  condensed_joint: "The output is so small at the start that both layers must grow to be heard: " +
    "the neurons turn as they grow, and gather at a few orientations, the more the wider the network.",
  condensed_input: "The output weights are large and stay; the input weights must grow, the more " +
    "the wider the network, and gather at a few orientations.",
  linear: "The input weights move the less the wider the network.",
  condensed: "The input weights move the more the wider the network.",
};

// Where theory says nothing, the sign of the slope names the regime.
function regimeOf(pack, place) {
  if (pack.has_theory) return pack.regimes[place];
  const slope = pack.slope[place];
  if (!Number.isFinite(slope)) return "undefined";
  return slope < 0 ? "linear" : slope > 0 ? "condensed" : "critical";
}

function summaryOf(pack, place) {
  const regime = regimeOf(pack, place);
  const seen = !pack.has_theory || regime === "critical" ? SEEN[regime] : SEEN[pack.wedges[place]];
  const slope = pack.slope[place];
  const parts = [seen || ""];
  if (Number.isFinite(slope)) {
    const error = pack.slope_standard_error[place];
    let text = "Measured: S<sub>w</sub> = " + decimal(slope, 3);
    if (Number.isFinite(error)) text += " ± " + (error < 0.0005 ? powerOfTen(Math.log10(error)) : error.toFixed(3));
    if (Number.isFinite(pack.theory[place])) text += "; in theory " + decimal(pack.theory[place], 3);
    parts.push(text + ".");
  } else {
    parts.push(pack.widths.length > 1 ? "No slope: too few of its networks converged."
      : "No slope: the experiment has one width, and a slope needs two.");
  }
  return parts.join(" ");
}

function warningOf(pack, place) {
  const [networks, converged] = [pack.networks[place], pack.converged[place]];
  const parts = [];
  if (networks && converged < networks)
    parts.push(networks - converged + " of its " + count(networks, "network") + " did not converge and " +
      (networks - converged === 1 ? "is" : "are") + " left out of the fit.");
  if (!networks) parts.push("The tables have nothing of this point.");
  const status = pack.statuses[pack.status[place]];
  const said = {
    step_limit: "The one shown here used up its steps; what is drawn is where it stopped.",
    diverged: "The one shown here diverged; what is drawn is where it stopped.",
    not_trained: "The one shown here was not trained: its scales leave no room in 64-bit numbers.",
  }[status];
  if (said) parts.push(said);
  return parts.join(" ");
}

function aboutOf(pack) {
  const method = { gradient_flow: "gradient flow", gradient_descent: "gradient descent" }[pack.method];
  const widths = pack.widths.map(widthOf);
  const range = widths.length > 1 ? count(widths.length, "width") + " from " + widths[0] + " to " +
    widths[widths.length - 1] : "width " + widths[0];
  const nodes = pack.quadrature ? ", " + count(pack.quadrature, "quadrature neuron") + " for each" : "";
  return pack.columns.length + " × " + pack.rows.length + " cells of " + pack.dataset.replaceAll("_", " ") +
    (pack.activation === "relu" ? "" : ", activation " + pack.activation.replaceAll("_", " ")) +
    ", trained by " + method + "; " + range + nodes + "; " + count(pack.seeds, "seed") + ".";
}

// 1/C, an effective number of orientations.
function orientations(order) {
  if (!Number.isFinite(order)) return "an unknown number of";
  if (order < 1e-3) return "over 1,000";
  return (1 / order).toLocaleString("en", { maximumSignificantDigits: 2 });
}

function key(token, words, kind = "") {
  return '<span class="key ' + kind + '" style="--colour: var(--' + token + ')">' + words + "</span>";
}
