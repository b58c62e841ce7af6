// Who stood where: the mean number of office-holders in each stance over time, one panel for each organisation.

/** The channel that shows a stance. */
const stance_colour = (width) => ({
  field: "stance",
  type: "nominal",
  title: null,
  sort: stance_names,
  scale: {domain: stance_names, range: [blue, yellow, orange]},
  legend: {columns: width < 500 ? 1 : 3}
});

function stances(rows, width, {clock}) {
  const panel = (each) => ({
    width: each,
    height: 90,
    mark: {type: "area", interpolate: "monotone", line: false, opacity: 0.9},
    encoding: {
      x: clock.x("t", {ticks: each < 160 ? 3 : 5}),
      y: {field: "number", type: "quantitative", stack: "zero", title: "office-holders", axis: {tickCount: 3}},
      color: stance_colour(width),
      order: {field: "order"}
    }
  });
  return {
    ...panels(rows, width, panel, {gap: 62}),
    resolve: {scale: {y: "independent"}, axis: {x: "independent"}},
  };
}
const stance_names = ["supports the president", "waits", "opposes the president"];
