// Courses over time as bands, one panel for each of several: 5 to 95 %, 25 to 75 % and the median of trials.

/** rows: {panel, t, q05, q25, q50, q75, q95}; clock: a PartClock. */
function bands(rows, width, {clock, unit, domain}) {
  const y = {
    type: "quantitative",
    title: unit || null,
    scale: domain ? {domain} : {zero: true},
    axis: {tickCount: 4, format: "~s"}
  };
  const area = (low, high, opacity) => ({
    mark: {type: "area", color: blue, opacity, interpolate: "monotone"},
    encoding: {y: {...y, field: low}, y2: {field: high}}
  });
  const panel = (each) => ({
    width: each,
    height: 96,
    encoding: {x: clock.x("t", {ticks: each < 160 ? 3 : 5})},
    layer: [
      area("q05", "q95", 0.22), area("q25", "q75", 0.4), {
        mark: {type: "line", color: blue, strokeWidth: 1.8, interpolate: "monotone"},
        encoding: {y: {...y, field: "q50"}}
      }
    ]
  });
  return {...panels(rows, width, panel), resolve: {scale: {y: "shared"}, axis: {x: "independent"}}};
}
