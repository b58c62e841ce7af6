function calibrated_accounts(part) {
  return el(
      "div", {class: "card"},
      table(
          [
            ["label", "account"], ["left", "left of the prior"], ["waves", "waves"], ["trials", "trials"],
            ["out", "rows out of reach"], ["discrepancy", "discrepancy"]
          ],
          part.summary.accounts.map((a) => ({
                                      label: capital(words(a.name)),
                                      left: a.none ? "none" : number(a.waves.at(-1).volume_left),
                                      waves: a.waves.length,
                                      trials: a.waves.reduce((sum, w) => sum + w.trials, 0),
                                      out: a.rows.filter((r) => r.least_implausibility > 3).length,
                                      discrepancy: a.none ? null : a.discrepancy
                                    }))));
}

function rows_out_of_reach(part) {
  const some = part.summary.accounts.map((a) => [a, a.rows.filter((r) => r.least_implausibility > 3), a.contradictions])
                   .filter(([, out, contradictions]) => out.length || contradictions.length);
  return some.map(
      ([a, out, contradictions]) => el(
          "details", {class: "more"}, el("summary", {}, `What ${words(a.name)} cannot reach`),
          el("ul", {},
             out.map(
                 (r) => el("li", {}, `${r.row}: ${number(r.least_implausibility)} standard deviations away at best`)),
             contradictions.map((c) => el("li", {}, `${c.rows.join(" and ")}: each alone, never both`)))));
}

function calibration(part) {
  const columns = [
    ["name", "parameter"], ["unit", "unit"], ["prior", "prior: median [5 %, 95 %]"], ["posterior", "posterior"],
    ["narrowing", "narrower by"]
  ];
  const shown = ([low, median, high]) => interval([median, low, high]);
  section(
      id_of(part, "calibration"), `Parameters that fit the record${suffix(part)}`,
      p("Under which parameters is the record no wonder, whatever the luck of a single trial? Left of the prior: the share of it where rows are within three standard deviations of what trials give there, some as far off as in the model’s own records. Discrepancy: how many times farther the record is from the best of them than the model's own records are. Held-out rows had no part."),
      calibrated_accounts(part), part.posteriors.some((x) => x.parameters.length) ? posteriors(part) : null,
      part.posteriors.filter((x) => x.parameters.length)
          .map(
              (x) =>
                  el("details", {class: "more"},
                     el("summary", {},
                        `All ${count(x.parameters.length, "parameter")} that move a row under ${words(x.account)}`),
                     table(columns, x.parameters.map((one) => ({
                                                       name: one.name,
                                                       unit: one.unit,
                                                       prior: shown(one.prior),
                                                       posterior: shown(one.posterior),
                                                       narrowing: percent(Math.max(0, one.narrowing))
                                                     }))))),
      rows_out_of_reach(part));
}
