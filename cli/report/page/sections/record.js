function distance_to_record({totals, predictors}) {
  if (!totals.length) return null;
  const names = [...new Set(totals.map((t) => t.group))];
  return figure({
    title: (s) => {
      const of = totals.filter((t) => t.group === s.group && !predictors[t.predictor].baseline && !missing(t.score[1]));
      const scores = of.map((t) => t.score[0]), between = Math.max(...scores) - Math.min(...scores),
            within = Math.min(...of.map((t) => t.score[2] - t.score[1]));
      return `How near ${of.length > 1 ? "the accounts come" : "the account comes"} to the record${
          of.length > 1 && between < within ? ": they differ by less than their intervals" : ""}`;
    },
    note:
        "Mean score over documented events; 0 is best, 1 about as bad as can be. Baselines know nothing of politics. Intervals (95 %) say how far it depends on which events are in the record.",
    controls: {group: {label: "events", options: names.map((n) => [n, words(n)])}},
    columns: [
      ["label", "predictor"], ["value", "mean score"], ["low", "low (95 %)"], ["high", "high (95 %)"],
      ["hit", "hit rate"], ["rows", "rows"]
    ],
    rows: (s) => totals.filter((t) => t.group === s.group)
                     .map((t) => ({
                            label: capital(words(predictors[t.predictor].name)) +
                                (predictors[t.predictor].baseline ? " (baseline)" : ""),
                            value: t.score[0],
                            low: t.score[1],
                            high: t.score[2],
                            hit: t.hit[0],
                            rows: t.rows,
                            told: `score ${interval(t.score)}, hit rate ${interval(t.hit, percent)}`,
                            aside: number(t.score[0]),
                            group: predictors[t.predictor].baseline ? "baseline" : ""
                          })),
    alt: (rows) => rows.map((x) => `${x.label}: ${x.told}`).join(". "),
    spec: (rows, width) => dots(rows, width, {
      x: {type: "quantitative", title: "mean score (0 is best)", scale: {zero: true}},
      colours: {baseline: quiet},
      groups: {baseline: quiet}
    }),
  });
}

function key_sequence({sequence, predictors}) {
  if (!sequence.shares.length || !sequence.elements.length) return null;
  return figure({
    title: (() => {
      const alls = sequence.shares.filter((x) => !predictors[x.predictor].baseline)
                       .map((x) => x.all[0])
                       .filter((x) => !missing(x)),
            ends = [...new Set([percent(Math.min(...alls)), percent(Math.max(...alls))])];
      return alls.length ? `The whole key sequence comes together in ${ends.join(" to ")} of trials` :
                           "The key sequence";
    })(),
    note:
        "Share of trials with each of its elements, in percent. That an account reproduces the sequence supports it only as far as the others fail to.",
    columns: [
      ["row", "element"], ["column", "predictor"], ["value", "share of trials"], ["low", "low (95 %)"],
      ["high", "high (95 %)"]
    ],
    rows: () => [...sequence.elements.map((text, i) => [text, (x) => x.elements[i]]), ["All of them", (x) => x.all]]
                    .flatMap(([text, get]) => sequence.shares.map((x) => {
                      const e = get(x) ?? [];
                      return {
                        row: text,
                        column: words(predictors[x.predictor].name),
                        value: e[0],
                        low: e[1],
                        high: e[2],
                        shown: missing(e[0]) ? "–" : String(Math.round(100 * e[0]))
                      };
                    })),
    alt: () => sequence.shares
                   .map(
                       (x) => `${words(predictors[x.predictor].name)}: all elements in ${
                           percent(x.all[0])} of trials, ${number(x.count[0])} on average`)
                   .join(". "),
    spec: (rows, width) => heat(rows, width, {column: "account", height: 25}),
  });
}

function what_tells_apart({record: {tellings}, accounts}) {
  if (!tellings.length || accounts.length < 2) return null;
  return figure({
    title: `What tells the accounts apart, and whether it is on record: ${
        tellings.filter((t) => t.on_record).length} of ${tellings.length} are`,
    note:
        "How well one outcome alone picks out trials of one account (area under the curve; 0.5 is chance, 1 a label), judged on other trials than it was learnt from.",
    columns:
        [["outcome", "outcome"], ["account", "account"], ["value", "area under the curve"], ["on_record", "on record"]],
    rows: () => tellings.map((t) => ({
                               outcome: outcome_text(t.outcome),
                               account: account_label(accounts[t.account]),
                               value: t.auc,
                               on_record: t.on_record ? "yes" : "no",
                               label: `${capital(outcome_text(t.outcome))} → ${account_label(accounts[t.account])}`,
                               told: number(t.auc),
                               aside: `${t.on_record ? "on record" : "not on record"} · ${t.auc.toFixed(2)}`,
                               group: t.on_record ? "" : "not on record"
                             })),
    alt: (rows) =>
        rows.map((x) => `${x.outcome}: ${number(x.value)}, ${x.on_record === "yes" ? "on record" : "not on record"}`)
            .join(". "),
    spec: (rows, width) => dots(rows, width, {
      x: {type: "quantitative", title: "area under the curve", scale: {domain: [0.5, 1]}},
      colours: {"not on record": orange}
    }),
  });
}

function behaviour({courses = []}) {
  const facts = courses.flatMap(
      (c) =>
          [...(c.stylised_facts ?? []).map((x) => ["stylised fact", x, c]),
           ...(c.degenerate ?? []).map((x) => ["degenerate course", x, c])]);
  if (!facts.length) return null;
  return figure({
    title: "Does the model behave? Patterns that it must show, and courses in which it degenerates",
    note: "Share of trials, in percent; degenerate courses in orange.",
    columns: [
      ["row", "pattern"], ["column", "account"], ["value", "share of trials"], ["low", "low (95 %)"],
      ["high", "high (95 %)"]
    ],
    rows: () => {
      const rows = facts.map(([kind, x, c]) => ({
                               row: (kind === "degenerate course" ? "Degenerate: " : "") + x.text,
                               column: words(c.hypothesis),
                               value: x.value,
                               low: x.low,
                               high: x.high,
                               flag: kind === "degenerate course",
                               shown: missing(x.value) ? "–" : String(Math.round(100 * x.value))
                             }));
      return [...rows.filter((x) => !x.flag), ...rows.filter((x) => x.flag)];
    },
    spec: (rows, width) => heat(rows, width, {column: "account"}),
  });
}

function record(part) {
  section(
      id_of(part, "record"), `The record${suffix(part)}`,
      p("Trials beside documented events, whose intervals include their tolerance. Grades: A several independent families of sources, B one, C official only, D contested."),
      distance_to_record(part.record), event_by_event(part), key_sequence(part.record), what_tells_apart(part),
      behaviour(part.record));
}
