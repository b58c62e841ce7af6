function whatif(part) {
  const sides = [{...part.all, name: "all accounts"}, ...(part.hypotheses ?? [])].filter((x) => x?.outcomes?.length);
  if (!sides.length) return;
  const changes = (part.ready_made ?? []).map((w) => w.title),
        title = changes.length ? listed(changes) : listed((part.do ?? []).map(String));
  const is_share = (o) => o.kind === "flag" || o.kind === "time";
  const row = (o, label) => {
    const [value, low, high] = estimate_of(o.difference);
    return {
      label,
      value,
      low,
      high,
      was: o.as_it_was,
      would: o.as_it_would_be,
      to_yes: o.changed?.to_yes,
      to_no: o.changed?.to_no
    };
  };
  const shares = sides[0].outcomes.filter(is_share), amounts = sides[0].outcomes.filter((o) => !is_share(o));
  const signed = (x, show) => (missing(x) ? "–" : `${x > 0 ? "+" : x < 0 ? "−" : ""}${show(Math.abs(x))}`);
  // A hundredth of a point is less than one trial of the runs that people make.
  const points = (x) => signed(x, (y) => (100 * y).toFixed(y < 0.01 ? 2 : 1));
  const columns = [
    ["label", "outcome"], ["was", "as it was"], ["would", "as it would be"], ["value", "difference"],
    ["low", "low (95 %)"], ["high", "high (95 %)"], ["to_yes", "trials changed to yes"], ["to_no", "to no"]
  ];
  const children = [];
  if (shares.length)
    children.push(figure({
      title: `${title}: what would happen more or less often`,
      note:
          "Difference in the share of trials, in percentage points, between the same trials with the same luck both ways; 95 % intervals. Right of the dashed line: more often.",
      controls: {account: {label: "account", options: index_options(sides, (x) => capital(words(x.name)))}},
      columns,
      rows: (s) => sides[s.account]
                       .outcomes.filter(is_share)
                       .map((o) => row(o, capital(outcome_text(o.name))))
                       .map((r) => ({
                              ...r,
                              told: `${percent(r.was)} → ${percent(r.would)}: ${points(r.value)} [${points(r.low)}, ${
                                  points(r.high)}] points`,
                              aside: points(r.value)
                            })),
      alt: (rows) => rows.map((x) => `${x.label}: ${x.told}`).join(". "),
      spec: (rows, width) => dots(rows, width, {
        x: {
          type: "quantitative",
          title: "difference in share of trials (percentage points)",
          axis: {labelExpr: "format(100 * datum.value, '+')", tickCount: 6}
        },
        zero: 0
      }),
    }));
  if (amounts.length)
    children.push(figure({
      title: (s) => `${title}: ${outcome_text(s.outcome)}`,
      note: "Difference of means between the same trials with the same luck both ways; 95 % intervals.",
      controls: {
        outcome: {
          label: "outcome",
          options: amounts.map((o) => [o.name, capital(outcome_text(o.name))]),
          value: (amounts.find((o) => o.name === "deaths") ?? amounts[0]).name
        }
      },
      columns: columns.map(([f, t]) => [f, f === "label" ? "account" : t]).slice(0, 6),
      rows: (s) => sides.map((x) => [x, x.outcomes.find((o) => o.name === s.outcome)])
                       .filter(([, o]) => o)
                       .map(([x, o]) => row(o, capital(words(x.name))))
                       .map((r) => ({
                              ...r,
                              told: `${number(r.was)} → ${number(r.would)}: ${signed(r.value, number)} [${
                                  signed(r.low, number)}, ${signed(r.high, number)}]`,
                              aside: signed(r.value, number)
                            })),
      alt: (rows) => rows.map((x) => `${x.label}: ${x.told}`).join(". "),
      spec: (rows, width, s) => dots(rows, width, {
        x: {type: "quantitative", title: `difference in ${outcome_text(s.outcome)}`, axis: {tickCount: 6}},
        zero: 0
      }),
    }));
  section(
      id_of(part, "whatif"), `What if${kinds("whatif").length > 1 ? `: ${title}` : ""}`,
      (part.ready_made ?? []).map((w) => p(el("strong", {}, `${w.title}. `), w.text ?? "")),
      changes.length ? null : p(`Changed: ${title}.`), el("p", {class: "quiet"}, part.caution ?? ""), children);
}
