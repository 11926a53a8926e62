// The four panels of the chosen point.
function say(id, html) {
  document.getElementById(id).innerHTML = html;
}

function extent(...lists) {
  let [low, high] = [Infinity, -Infinity];
  for (const list of lists)
    for (const value of list)
      if (Number.isFinite(value)) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return low <= high ? [low, high] : [0, 1];
}

function setRangeAround(range, [low, high], least, margin = 0.08) {
  const middle = (low + high) / 2;
  const half = Math.max(high - low, least) / 2;
  setRange(range, middle - half * (1 + 2 * margin), middle + half * (1 + 2 * margin));
}

// Logarithms of 1, 2, 5, 10, ... over few decades, else of whole powers, some five of them.
function ticksOfPowers(low, high) {
  const decades = high - low;
  const stride = [1, 2, 5, 10, 20, 50].find((one) => decades / one <= 5.5) || 100;
  const ticks = [];
  for (let power = Math.floor(low); power <= high; power++) {
    if (decades < 1.8) ticks.push(...[1, 2, 5].map((factor) => power + Math.log10(factor)));
    else if (power % stride === 0) ticks.push(power);
  }
  return ticks.filter((tick) => tick >= low && tick <= high);
}

function drawDistances(plot, pack, place) {
  const widths = pack.widths.map(Math.log10);
  const row = Array.from(rowOf(pack.distances, place));
  const errors = rowOf(pack.distance_errors, place);
  const known = widths.map((_, index) => index).filter((index) => Number.isFinite(row[index]));
  const x = known.map((index) => widths[index]);
  const y = known.map((index) => row[index]);
  fill(plot, "rd", { x, y });
  const sure = known.filter((index) => errors[index] > 0);
  fill(plot, "rd_errors", {
    x: sure.map((index) => widths[index]),
    y0: sure.map((index) => row[index] + Math.log10(Math.max(1 - errors[index], 1e-3))),
    y1: sure.map((index) => row[index] + Math.log10(1 + errors[index])),
  });
  const ends = extent(widths);
  const [centre, height] = rowOf(pack.centre, place);
  const line = (slope) => Number.isFinite(slope) && Number.isFinite(centre)
    ? { x: ends, y: ends.map((end) => height + slope * (end - centre)) } : { x: [], y: [] };
  const [fitted, closed] = [line(pack.slope[place]), line(pack.theory[place])];
  fill(plot, "fit", fitted);
  fill(plot, "closed_form", closed);
  setRangeAround(plot.x_range, ends, 1);
  setRangeAround(plot.y_range, extent(y, fitted.y, closed.y), 1.2);
  for (const [axis, range] of [[plot.left[0], plot.y_range], [plot.below[0], plot.x_range]])
    axis.ticker.ticks = ticksOfPowers(range.start, range.end);
  const words = [];
  if (known.length) {
    const [first, last] = [known[0], known[known.length - 1]];
    words.push("RD is " + powerOfTen(row[first]) + " at m = " + widthOf(pack.widths[first]) +
      (last > first ? " and " + powerOfTen(row[last]) + " at " + widthOf(pack.widths[last]) : "") + ".");
  }
  if (fitted.x.length) words.push(key("fit", "fit", "line"));
  if (closed.x.length) words.push(key("ink", "slope of theory", "line dashed"));
  say("words-distances", words.join(" "));
}

function drawLearned(plot, pack, place) {
  const [before, after] = [0, 1].map((moment) => outputsAt(pack, place, moment));
  const nothing = { x: [], y: [] };
  const columns = [0, 1].map((column) => Array.from({ length: pack.data.length / 2 }, (_, index) => pack.data[2 * index + column]));
  const targets = columns[1];
  const ends = extent(targets);
  const lines = pack.line;
  const x = lines ? Array.from(pack.x) : targets;
  fill(plot, "f_before", lines ? { x, y: before } : nothing);
  fill(plot, "f_after", lines ? { x, y: after } : nothing);
  fill(plot, "data", lines ? { x: columns[0], y: targets } : nothing);
  fill(plot, "identity", lines ? nothing : { x: ends, y: ends });
  fill(plot, "predicted_before", lines ? nothing : { x, y: before });
  fill(plot, "predicted_after", lines ? nothing : { x, y: after });
  plot.below[0].axis_label = lines ? "x" : "target";
  plot.left[0].axis_label = lines ? "f(x)" : "prediction";
  setRangeAround(plot.x_range, extent(x), 1e-9, 0.03);
  setRangeAround(plot.y_range, extent(after, before, targets), 1e-9);
  say("words-learned", lines
    ? key("start", "f before", "line") + " and " + key("after", "after training", "line") + ", " + key("ink", "data", "hollow") + "."
    : key("start", "Prediction before", "hollow") + " and " + key("after", "after training") +
      " for each of " + count(targets.length, "training input") + "; on the dashed line it is the target.");
}

function drawNeurons(plot, pack, place) {
  const [low, high] = pack.line ? [-Math.PI, Math.PI] : [-1, 1];
  const sides = [0, 1].map((moment) => ({
    x: between(atMoment(pack.orientation, place, moment), low, high),
    y: between(atMoment(pack.amplitude, place, moment), 0, 1),
  }));
  fill(plot, "neurons_before", sides[0]);
  fill(plot, "neurons_after", sides[1]);
  const kinks = [];
  if (pack.line)
    for (let index = 0; index < pack.data.length; index += 2)
      kinks.push(Math.atan2(-pack.data[index], 1), Math.atan2(pack.data[index], -1));
  if (pack !== drawNeurons.pack) fill(plot, "kinks_at_data", { x: kinks });
  drawNeurons.pack = pack;
  plot.below[0].axis_label = pack.line ? "orientation of (w, b), in radian" : "orientation: cosine with (1, …, 1)";
  if (pack.line) {
    plot.below[0].ticker.ticks = [-2, -1, 0, 1, 2].map((quarters) => (quarters * Math.PI) / 2);
    setRange(plot.x_range, -Math.PI * 1.04, Math.PI * 1.04);
  } else {
    // One width of the plane for all points, so that they compare.
    if (pack.reach === undefined)
      pack.reach = Math.min(1.02, 0.05 + Math.max(...pack.orientation.reduce(([least, most], one) =>
        [Math.min(least, one), Math.max(most, one)], [65535, 0]).map((one) => Math.abs(one / 32767.5 - 1))));
    const step = pack.reach > 0.6 ? 0.5 : 0.2;
    plot.below[0].ticker.ticks = [-2, -1, 0, 1, 2].map((place) => place * step);
    setRange(plot.x_range, -pack.reach, pack.reach);
  }
  const [first, last] = rowOf(pack.condensation, place);
  const lines = pack.line ? " Grey lines: the neuron's kink is at a data point." : "";
  say("words-neurons", count(pack.orientation.row / 2, "neuron") + " " + key("before", "before") + " and " +
    key("after", "after training") + ". Effective number of orientations: " + orientations(first) + " → " +
    orientations(last) + "." + lines);
}

function drawLosses(plot, pack, place) {
  const curve = lossesOf(pack, place);
  fill(plot, "loss", curve);
  fill(plot, "loss_points", curve);
  const goal = Math.log10(pack.tolerance / 2);
  fill(plot, "goal", { x: [-1, 2], y: [goal, goal] });
  setRangeAround(plot.y_range, extent(curve.y, [goal]), 1);
  const end = pack.time[place];
  say("words-losses", curve.x.length
    ? "R goes from " + powerOfTen(curve.y[0]) + " to " + powerOfTen(pack.loss[place]) + " until t* = " +
      (end > 0 ? powerOfTen(Math.log10(end)) : "0") + ". " + key("muted", "where training ends", "line dashed")
    : "Nothing was trained here.");
}

function drawPoint(plots, pack, place) {
  say("place", "γ = " + coordinate(pack.gamma[place]) + ", γ′ = " + coordinate(pack.gamma_prime[place]));
  const regime = regimeOf(pack, place);
  const badge = document.getElementById("regime");
  badge.className = regime;
  badge.textContent = { linear: "linear regime", critical: "critical: on the boundary", condensed: "condensed regime" }[regime] || "regime not known";
  say("summary", summaryOf(pack, place));
  const warning = warningOf(pack, place);
  document.getElementById("warning").hidden = !warning;
  say("warning", warning);
  drawDistances(plots.distances, pack, place);
  drawLearned(plots.learned, pack, place);
  drawNeurons(plots.neurons, pack, place);
  drawLosses(plots.losses, pack, place);
}
