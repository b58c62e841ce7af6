function verdict_card(s) {
  // Accounts and rows by their names instead of their identifiers.
  const names = new Map([
    ...(s.hypotheses ?? []).map((h) => [h.name, words(h.name)]),
    ...(s.key_rows ?? []).map((r) => [r.id, `“${r.title}”`])
  ]);
  const named = (text) => text.replace(/\w+/g, (word) => names.get(word) ?? word);
  const reasons = (s.reasons ?? []).map(named);
  const verdicts = {
    ranked: `Ranked: the record supports ${words(s.first ?? "")} most`,
    undetermined: "Undetermined: the record does not decide between the accounts",
    none_of_the_accounts: "None of the accounts: each misses what it must be able to produce"
  };
  return el(
      "div", {class: "card verdict"}, el("strong", {}, verdicts[s.verdict] ?? words(s.verdict ?? "no verdict")),
      el("ul", {}, reasons.slice(0, 8).map((reason) => el("li", {}, reason))),
      reasons.length > 8 ? el("details", {class: "more"}, el("summary", {}, count(reasons.length - 8, "more reason")),
                              el("ul", {}, reasons.slice(8).map((reason) => el("li", {}, reason)))) :
                           null,
      (s.notes ?? []).map((note) => p(`${capital(named(note))}.`)),
      (s.ruled_out ?? []).length ? p(`Ruled out all the same: ${listed(s.ruled_out.map(words))}.`) : null,
      (s.indistinguishable ?? [])
          .filter((l) => l.length > 1)
          .map((l) => p(`Not told apart by this record: ${listed(l.map(words))}.`)));
}

function probabilities(s, hypotheses) {
  if (!hypotheses.length) return null;
  return keyed(
      figure({
        title: s.verdict === "ranked" ?
            "How probable each account is, given the record" :
            "How probable each account would be: not to be relied on alone, see the verdict",
        note: `All were equally probable before. By evidence: ${
            count(s.rows_weighed ?? 0, "key row")}, with the error of simulation only${
            s.evidence_stands === false ? "; without intervals, since evidence is refused" :
                                          ""}. Classifier check: ${s.classifier?.kind ?? "rules"}, learnt from ${
            count(s.rows_of_classifier ?? 0, "row")} of simulated records whose account is known.`,
        columns: [
          ["label", "account"], ["value", "probability by evidence"], ["low", "low (95 %)"], ["high", "high (95 %)"],
          ["other", "classifier check"], ["log_evidence", "log evidence"], ["standard_error", "standard error"],
          ["effective_size", "worth trials"], ["surprise", "share of its own records no more probable than this one"]
        ],
        rows: () => hypotheses.map((h) => ({
                                     ...h,
                                     label: capital(words(h.name)),
                                     value: h.probability,
                                     other: h.classifier,
                                     told: interval([h.probability, h.low, h.high], percent),
                                     aside: percent(h.probability)
                                   })),
        alt: (rows) => rows.map((x) => `${x.label}: ${x.told}`).join(". "),
        spec: (rows, width) => dots(rows, width, {x: share_axis("probability (%)")}),
      }),
      [["dot", blue, "by evidence, 95 % interval of simulation"], ["diamond", orange, "classifier check"]]);
}

function confusion(c, title, note) {
  if (!c) return null;
  const shapes = [["overall", "all simulated records"], ["near", "records nearest to the documented one"]].filter(
      ([name]) => Array.isArray(c[name]));
  if (!shapes.length || !Array.isArray(c.names)) return null;
  return figure({
    title,
    note,
    controls: {of: {label: "records", options: shapes}},
    columns: [["row", "simulated under"], ["column", "judged to be"], ["value", "share of records"]],
    rows: (state) => c.names.flatMap((truth, i) => c.names.map((judged, k) => {
      const x = c[state.of][i]?.[k];
      return {
        row: capital(words(truth)),
        column: words(judged),
        value: x,
        shown: missing(x) ? "–" : String(Math.round(100 * x))
      };
    })),
    alt: (_, state) =>
        c.names.map((name, i) => `${words(name)} is found in ${percent(c[state.of][i]?.[i])}`).join(". "),
    spec: (rows, width) => heat(rows, width, {column: "account"}),
  });
}

function opinions_of_parts(s, hypotheses) {
  if (!s.classifier_of_parts?.length || !hypotheses.length) return null;
  return figure({
    title: "What do parts of the record say alone? The classifier check on each",
    note:
        "Probability of each account, in percent, from some rows only. The table says from how many, and what share of simulated records is judged rightly from them.",
    columns: [
      ["row", "part"], ["rows", "rows"], ["rightly", "simulated records judged rightly"], ["column", "account"],
      ["value", "probability"]
    ],
    rows: () =>
        s.classifier_of_parts.flatMap((part) => hypotheses.map((h, k) => ({
                                                                 row: capital(part.name),
                                                                 rows: part.rows,
                                                                 rightly: 1 - part.error,
                                                                 column: words(h.name),
                                                                 value: part.probability[k],
                                                                 shown: String(Math.round(100 * part.probability[k]))
                                                               }))),
    alt: (rows) => rows.map((x) => `${x.row}, ${x.column}: ${percent(x.value)}`).join(". "),
    spec: (rows, width) => heat(rows, width, {column: "account"}),
  });
}

function calibration_of_opinion(s) {
  if (!s.reliability?.length) return null;
  return figure({
    title: "Can the probabilities be taken at their word? Points on the diagonal can",
    note: "Simulated records whose account is known, by the probability that the classifier gave.",
    columns: [
      ["predicted", "probability given"], ["observed", "share that was so"], ["low", "low (95 %)"],
      ["high", "high (95 %)"], ["n", "cases"]
    ],
    rows: () => s.reliability.map((b) => ({
                                    predicted: b.predicted,
                                    observed: b.observed?.value,
                                    low: b.observed?.low,
                                    high: b.observed?.high,
                                    n: b.n
                                  })),
    alt: (rows) => rows.map((x) => `given ${percent(x.predicted)}, so in ${percent(x.observed)}`).join(". "),
    spec: reliability,
  });
}

function mechanisms(s) {
  if (!s.switches?.length) return null;
  return keyed(
      figure({
        title: `Was a mechanism at work? Probability under ${
            words(s.switches[0].account ?? "the open account")}, which leaves them open`,
        note: s.switches[0].refusals?.length ? `Not judged: ${s.switches[0].refusals.join("; ")}` : "",
        columns: [
          ["label", "mechanism"], ["other", "before the record"], ["value", "after"], ["low", "low (95 %)"],
          ["high", "high (95 %)"]
        ],
        rows: () => s.switches.map(
            (x) => ({
              label: capital(words(x.name)),
              other: x.before,
              value: x.inclusion,
              low: x.low,
              high: x.high,
              told: missing(x.inclusion) ? "not judged" : interval([x.inclusion, x.low, x.high], percent),
              aside: percent(x.inclusion)
            })),
        alt: (rows) => rows.map((x) => `${x.label}: before ${percent(x.other)}, after ${x.told}`).join(". "),
        spec: (rows, width) => dots(rows, width, {x: share_axis("probability (%)")}),
      }),
      [["diamond", orange, "before the record"], ["dot", blue, "after, with 95 % interval"]]);
}

const not_reproduced = (mid_p) => mid_p < 0.01 || mid_p > 0.99;

function facts_not_reproduced(s, hypotheses) {
  if (!s.key_rows?.length) return null;
  return figure({
    title: s.key_rows.some((r) => r.mid_p?.some(not_reproduced)) ?
        "Some accounts need a documented fact to be a gross error" :
        "No account needs a documented fact to be a gross error",
    note:
        "Where the documented value lies in what each account predicts, taken at its word (mid-p, in percent); below 1 or above 99, in orange, the account needs the row to be a gross error.",
    columns: [["row", "documented"], ["column", "account"], ["value", "mid-p"]],
    rows: () => s.key_rows.flatMap((r) => hypotheses.map((h, k) => {
      const x = r.mid_p?.[k], flag = not_reproduced(x);
      return {
        row: r.title,
        column: words(h.name),
        value: x,
        shown: missing(x) ? "–" : String(Math.round(100 * x)),
        flag,
        shade: flag ? 0.7 : 0.1
      };
    })),
    alt: (rows) => `${rows.filter((x) => x.flag).length} of ${rows.length} pairs of row and account need a gross error`,
    spec: (rows, width) => heat(rows, width, {column: "account"}),
  });
}

function variations(s, hypotheses) {
  if (!s.variations?.length) return null;
  const titles = new Map((s.key_rows ?? []).map((r) => [r.id, r.title]));
  const changed = (name) => {
    const id = name.match(/^without (\S+)$/)?.[1];
    return capital(titles.has(id) ? `without: ${titles.get(id)}` : name);
  };
  return figure({
    title: "Does the answer hang on one fact or one choice? Probability when something is changed or left out",
    note:
        "By evidence, in percent: priors and errors narrower or wider, a row or a place left out. A dash: too few trials are left to say.",
    columns: [["row", "changed"], ["column", "account"], ["value", "probability"]],
    rows: () => s.variations.flatMap((v) => hypotheses.map((h, k) => {
      const x = v.probability?.[k];
      return {
        row: changed(v.name),
        column: words(h.name),
        value: x,
        shown: missing(x) ? "–" : String(Math.round(100 * x))
      };
    })),
    spec: (rows, width) => heat(rows, width, {column: "account", height: 22}),
  });
}

/** What is counted for a claim, "withdrawal_orders:knb of 1 to 1000", in words. */
function trace_text(counted) {
  const known = (name) =>
      name.includes("_") || kinds("run").some((part) => part.outcomes?.some((o) => o.name === name));
  return counted.replace(/[a-z]\w*(:\w+)?/g, (name) => (known(name.split(":")[0]) ? outcome_text(name) : name))
      .replace(/ of (?=\d)/, ": ")
      .replace(/^no /, "not: ");
}

function said(s, hypotheses) {
  if (!s.claims?.length)
    return s.evidence_stands === false ?
        el("p", {class: "quiet"}, "Claims are not judged, because the evidence cannot be relied on.") :
        null;
  return figure({
    title: "In what share of trials that fit the record there is a trace of what was said",
    note:
        "The share is that of the trace, which comes first, and not of the claim below it, which is no evidence: a trace has many causes and no motive, and says nothing on who did what. Where each comparison ends stands in the table. Averaged over the accounts.",
    columns: [
      ["counted", "trace that is counted"], ["text", "claim"], ["speaker", "said by"], ["kind", "kind"],
      ["note", "where that ends"], ["value", "share"], ["low", "low (95 %)"], ["high", "high (95 %)"],
      ...hypotheses.map((h) => [`by_${h.name}`, words(h.name)])
    ],
    rows: () => s.claims.map((c) => {
      const [value, low, high] = estimate_of(c.averaged);
      return {
        text: c.text,
        speaker: c.speaker,
        kind: words(c.kind ?? ""),
        counted: capital(trace_text(c.counted ?? "")),
        note: c.note ?? "",
        value,
        low,
        high,
        label: `${capital(trace_text(c.counted ?? ""))}\nfor “${c.text}” – ${c.speaker}`,
        told: interval([value, low, high], percent),
        aside: percent(value),
        ...Object.fromEntries((c.by_hypothesis ?? []).map((x) => [`by_${x.name}`, x.value]))
      };
    }),
    alt: (rows) => rows.map((x) => `${x.counted}: ${x.told}, for what was said by ${x.speaker}: ${x.text}`).join(". "),
    spec: (rows, width) => dots(rows, width, {
      x: {...share_axis("share of trials that fit the record (%)"), axis: {format: ".0%", orient: "top", tickCount: 5}}
    }),
  });
}

function would_settle(s) {
  if (!s.would_settle?.length) return null;
  return figure({
    title: "What would settle it: facts that are not on record, by what they would tell",
    note: `Expected information about the account in nats${
        s.evidence_stands ? "" : "; before the record, since the evidence cannot be relied on"}.`,
    columns: [
      ["label", "outcome"], ["value", "expected information (nats)"], ["low", "low (95 %)"], ["high", "high (95 %)"]
    ],
    rows: () => s.would_settle.slice(0, 15).map((w) => {
      const [value, low, high] = estimate_of(w);
      return {
        label: capital(outcome_text(w.observable)),
        value,
        low,
        high,
        told: interval([value, low, high]),
        aside: number(value)
      };
    }),
    alt: (rows) => rows.map((x) => `${x.label}: ${x.told}`).join(". "),
    spec: (rows, width) =>
        dots(rows, width, {x: {type: "quantitative", title: "expected information (nats)", scale: {zero: true}}}),
  });
}

function parameters_found_again(s) {
  if (!Array.isArray(s.parameter_calibration) || !s.parameter_calibration.length) return null;
  return el(
      "div", {class: "card"}, el("h3", {}, "Are parameters found again? Checked on simulated records"),
      table(
          [
            ["name", "account"], ["records", "records"], ["coverage_50", "coverage of 50 % intervals"],
            ["coverage_90", "coverage of 90 % intervals"], ["smallest_p", "smallest p"], ["verdict", "passes"]
          ],
          s.parameter_calibration
              .map((c) => ({
                     ...c,
                     coverage_50: percent(c.coverage_50),
                     coverage_90: percent(c.coverage_90),
                     name: words(c.name ?? ""),
                     verdict: c.passes ? "yes" : "no"
                   }))
              .map(
                  (c) => Object.fromEntries(
                      Object.entries(c).map(([k, v]) => [k, Array.isArray(v) ? v.join(", ") : v])))));
}

function adjudication(part) {
  const s = part.summary, hypotheses = s.hypotheses ?? [];
  section(
      id_of(part, "verdict"), `Verdict${suffix(part)}`, verdict_card(s), probabilities(s, hypotheses),
      confusion(
          s.confusion,
          "Would the truth have been found? Records simulated under each account, and what they are judged to be",
          "Rows: the account that made the record; columns: what the classifier judges it to be, in percent. A record that could tell accounts apart would fill the diagonal."),
      confusion(
          s.confusion_by_evidence, "The same, judged by evidence",
          "Rows: the account that made the record; columns: what the evidence judges it to be, in percent."),
      opinions_of_parts(s, hypotheses), calibration_of_opinion(s), mechanisms(s), facts_not_reproduced(s, hypotheses),
      variations(s, hypotheses), posteriors(part), said(s, hypotheses), would_settle(s), parameters_found_again(s));
}
