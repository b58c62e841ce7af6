// Where the trials that fit the record lie in their priors: density relative to the prior, by quantile of the prior.

/** rows: {panel, from, to, density}. */
function marginals(rows, width) {
  const panels = [...new Set(rows.map((r) => r.panel))];
  const columns = Math.max(1, Math.min(panels.length, width > 560 ? 3 : width > 330 ? 2 : 1));
  const each = Math.floor((width - 64 - 18 * (columns - 1)) / columns);
  const x = {
    field: "from",
    type: "quantitative",
    title: "quantile of the prior (%)",
    scale: {domain: [0, 1]},
    axis: {values: [0, 0.5, 1], format: ".0%"}
  };
  return {
    facet: {field: "panel", type: "nominal", sort: panels, title: null, header: {labelLimit: each}},
    columns,
    spacing: {row: 20, column: 18},
    spec: {
      width: each,
      height: 80,
      layer: [
        {
          mark: {type: "rect", color: blue, opacity: 0.75, tooltip: true},
          encoding: {
            x,
            x2: {field: "to"},
            y: {field: "density", type: "quantitative", title: "density", axis: {tickCount: 3}},
            y2: {datum: 0}
          }
        },
        {mark: {type: "rule", color: ink, strokeDash: [3, 3]}, encoding: {y: {datum: 1, type: "quantitative"}}}
      ]
    },
    resolve: {axis: {x: "independent"}},
  };
}
