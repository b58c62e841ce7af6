// Where the trials that fit the record lie in their priors: density relative to the prior, by quantile of the prior.

/** rows: {panel, from, to, density}. */
function marginals(rows, width) {
  const x = {
    field: "from",
    type: "quantitative",
    title: "quantile of the prior (%)",
    scale: {domain: [0, 1]},
    axis: {values: [0, 0.5, 1], format: ".0%"}
  };
  const panel = (each) => ({
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
  });
  return {...panels(rows, width, panel, {most: 3}), resolve: {axis: {x: "independent"}}};
}
