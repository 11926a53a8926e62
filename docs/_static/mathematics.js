// Typesets the formulas of a page with the MathJax that Bokeh carries, so that nothing is loaded from
// a network. Without scripts a page shows the formulas in TeX.
(() => {
  const here = document.currentScript.src;
  // What Sphinx puts around the TeX of a formula.
  const inline = /^\s*\\\(([\s\S]*)\\\)\s*$/;
  const display = /^\s*\\\[([\s\S]*)\\\]\s*$/;

  const load = (name) =>
    new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = new URL(name, here).href;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });

  const typeset = () => {
    const { tex2svg } = Bokeh.require("models/text/mathjax/index");
    for (const element of document.querySelectorAll(".math")) {
      const text = element.textContent;
      const within = inline.exec(text);
      const tex = (within ?? display.exec(text))?.[1].trim();
      if (tex !== undefined) {
        element.replaceChildren(tex2svg(tex, { display: within === null }));
        if (within !== null && /^[.,:;)]/.test(element.nextSibling?.textContent ?? "")) {
          element.after("\u2060"); // no line ends between a formula and its full stop
        }
        element.setAttribute("role", "math");
        element.setAttribute("aria-label", tex);
      }
    }
  };

  const loaded = load("bokeh.min.js").then(() => load("bokeh-mathjax.min.js"));
  const read = new Promise((resolve) => {
    if (document.readyState === "loading") {
      document.addEventListener("DOMContentLoaded", resolve);
    } else {
      resolve();
    }
  });
  Promise.all([loaded, read]).then(typeset);
})();
