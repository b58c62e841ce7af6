// Rows of distributions, each under its own name: a line from 5 to 95 %, a bar from 25 to 75 %, a dot at the median,
// and where there is one the documented interval behind them.

/** A text in at most so many lines of so many characters. */
function lines_of(text, characters, most = 3) {
  if (text.length <= characters) return [text];
  if (most === 1) return [`${text.slice(0, characters - 1)}…`];
  const cut = text.lastIndexOf(" ", characters), at = cut > characters / 2 ? cut : characters;
  return [text.slice(0, at), ...lines_of(text.slice(at).trim(), characters, most - 1)];
}

/**
 * Rows under their names, and how high they are: a name that does not fit takes up to three lines, and so does a
 * part of it after \n.
 */
function named_rows(rows, width, aside) {
  const characters = Math.max(16, Math.floor((width - aside) / 6.6));
  const lines = rows.map((row) => row.label.split("\n").flatMap((part) => lines_of(part, characters)));
  const step = 24 + 14 * Math.max(1, ...lines.map((l) => l.length));
  return {
    step,
    values: rows.map((row, i) => ({
                       ...row,
                       lines: lines[i],
                       name: i + 4 / step,
                       line: i + 1 - 11 / step,
                       top: i + 1 - 19 / step,
                       bottom: i + 1 - 3 / step,
                       end: i + 1
                     }))
  };
}

/** What Vega-Lite asks for values by group, as in {"held out": "var(--pink)"}. */
function by_group(values) {
  return Object.entries(values).map(([group, value]) => ({test: `datum.group === ${JSON.stringify(group)}`, value}));
}

/** The layers that write the name of each row, coloured by its group, and what stands aside. */
function row_names(y, width, groups, tooltip) {
  return [
    {
      mark: {type: "text", align: "left", baseline: "top", fontSize: 12, lineHeight: 14},
      encoding: {
        y: y("name"),
        x: {value: 0},
        text: {field: "lines"},
        color: {condition: by_group(groups), value: ink},
        tooltip
      }
    },
    {
      mark: {type: "text", align: "right", baseline: "top", fontSize: 12, color: quiet},
      encoding: {y: y("name"), x: {value: width - 8}, text: {field: "aside"}}
    },
  ];
}

/**
 * rows: {label, aside, q05, q25, q50, q75, q95, low, high, group}. x: the channel of the values without its field.
 * `group` colours the name, as in {"held out": "var(--pink)"}.
 */
function ranges(rows, width, {x, groups = {}}) {
  const n = rows.length, {step, values} = named_rows(rows, width, 64);
  const y = (field) => ({field, type: "quantitative", scale: {domain: [0, n], reverse: true, nice: false}, axis: null});
  x = {...x, axis: {tickCount: 6, ...x.axis}};
  const at = (field) => ({...x, field});
  // A layer without anything in it would have no extent.
  const any = (...fields) => rows.some((row) => fields.every((field) => !missing(row[field])));
  const span = (low, high, mark) => !any(low, high) ? [] : {
    transform: [{filter: `isValid(datum.${low}) && isValid(datum.${high})`}],
    mark,
    encoding: {y: y("line"), x: at(low), x2: {field: high}}
  };
  const tooltip =
      [{field: "label", title: ""}, {field: "told", title: "predicted"}, {field: "documented", title: "documented"}];
  return {
    width: width - 8,
    height: Math.max(1, n) * step,
    data: {values},
    layer: [
      {mark: {type: "rule", color: rule, strokeWidth: 1}, encoding: {y: y("end")}},
      !any("low", "high") ? [] : {
        transform: [{filter: "isValid(datum.low) && isValid(datum.high)"}],
        mark: {type: "bar", color: yellow, opacity: 0.75},
        encoding: {y: y("top"), y2: {field: "bottom"}, x: at("low"), x2: {field: "high"}, tooltip}
      },
      span("low", "high", {type: "rule", color: ink, strokeWidth: 5, opacity: 0.28}),
      span("q05", "q95", {type: "rule", color: blue, strokeWidth: 2}),
      span("q25", "q75", {type: "rule", color: blue, strokeWidth: 7}),
      !any("q50") ? [] : {
        transform: [{filter: "isValid(datum.q50)"}],
        mark: {type: "point", filled: true, fill: paper, stroke: blue, strokeWidth: 2, size: 60, opacity: 1},
        encoding: {y: y("line"), x: at("q50"), tooltip}
      },
      row_names(y, width, groups, tooltip),
    ].flat(),
  };
}
