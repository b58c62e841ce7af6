// Rows of estimates with 95 % intervals, each under its own name. A second estimate is a diamond.

/** rows: {label, aside, value, low, high, other, group}; x: the channel of the values without its field. */
function dots(rows, width, {x, groups = {}, colours = {}, zero = null}) {
  const n = rows.length, longest = Math.max(6, ...rows.map((row) => String(row.aside ?? "").length));
  const {step, values} = named_rows(rows, width, 14 + 6.6 * longest);
  const y = (field) => ({field, type: "quantitative", scale: {domain: [0, n], reverse: true, nice: false}, axis: null});
  x = {...x, axis: {tickCount: 6, ...x.axis}};
  const colour = {condition: by_group(colours), value: blue};
  // A layer without anything in it would have no extent.
  const any = (...fields) => rows.some((row) => fields.every((field) => !missing(row[field])));
  const tooltip = [{field: "label", title: ""}, {field: "told", title: "estimate"}];
  return {
    width: width - 8,
    height: Math.max(1, n) * step,
    data: {values},
    layer: [
      {mark: {type: "rule", color: rule, strokeWidth: 1}, encoding: {y: y("end")}},
      zero === null ? [] : {
        data: {values: [{zero}]},
        mark: {type: "rule", color: quiet, strokeDash: [3, 3]},
        encoding: {x: {...x, field: "zero"}}
      },
      !any("low", "high") ? [] : {
        transform: [{filter: "isValid(datum.low) && isValid(datum.high)"}],
        mark: {type: "rule", strokeWidth: 3},
        encoding: {y: y("line"), x: {...x, field: "low"}, x2: {field: "high"}, color: colour}
      },
      !any("value") ? [] : {
        transform: [{filter: "isValid(datum.value)"}],
        mark: {type: "point", filled: true, size: 80, opacity: 1},
        encoding: {y: y("line"), x: {...x, field: "value"}, color: colour, tooltip}
      },
      !any("other") ? [] : {
        transform: [{filter: "isValid(datum.other)"}],
        mark: {type: "point", filled: true, shape: "diamond", size: 110, opacity: 1, color: orange},
        encoding: {y: y("line"), x: {...x, field: "other"}, tooltip}
      },
      row_names(y, width, groups, tooltip),
    ].flat(),
  };
}
