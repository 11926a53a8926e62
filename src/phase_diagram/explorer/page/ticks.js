// What stands at the ticks of the plots, which Bokeh asks for by name.
window.explorerTicks = {
  number(tick) {
    return minus(String(Number(tick.toPrecision(6))));
  },
  // 10 to the tick.
  power(tick) {
    const whole = Math.round(tick);
    const isWhole = Math.abs(tick - whole) < 1e-6;
    if (tick > -2.5 && tick < 4 && !(isWhole && (whole <= -2 || whole >= 3)))
      return Number((10 ** tick).toPrecision(2)).toLocaleString("en", { maximumSignificantDigits: 2 });
    const power = (one) => "10" + superscript(one);
    if (isWhole) return power(whole);
    return (10 ** (tick - Math.floor(tick))).toFixed(0) + "·" + power(Math.floor(tick));
  },
  // Angles in quarters of a turn.
  quarter(tick) {
    const quarters = tick / (Math.PI / 2);
    const named = { "-2": "−π", "-1": "−π/2", 1: "π/2", 2: "π" }[Math.round(quarters)];
    const isWhole = Math.abs(quarters - Math.round(quarters)) < 1e-9;
    return tick !== 0 && isWhole && named ? named : this.number(tick);
  },
};
