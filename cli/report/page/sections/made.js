function provenance(part) {
  const made = part.made ?? {}, run = part.run;
  const rows = [
    ["File", base(part.file)], ["Content digest", part.digest], ["Seed", run.seed], ["Command", run.command],
    ["Changed keys", run.changes?.length ? run.changes.join("\n") : "none"],
    ["Program", made.code_version ? `qantar ${made.code_version} (${made.revision ?? "unknown revision"})` : null],
    ["Compiler", made.compiler], ["Flags", made.flags ?? made.compiler_flags],
    ["Instruction set", made.instruction_set],
    ["Started, ended (UTC)", made.started ? `${made.started}, ${made.ended ?? made.finished ?? "–"}` : null],
    ["SHA-256 of the configuration", made.configuration_sha256], ["SHA-256 of the record", run.evidence_sha256 || null]
  ];
  return el(
      "dl", {},
      rows.filter(([, value]) => !missing(value) && value !== "")
          .flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, el("code", {}, value))]));
}

// "8,000 trials", or "4,000 to 16,000 trials" where accounts have different numbers.
function trials_of(part) {
  const all = (part.summary.hypotheses ?? []).map((h) => h.trials).filter((n) => n > 0);
  const least = Math.min(...all), most = Math.max(...all);
  if (!all.length) return count(part.run.trials_per_account, "trial");
  return least === most ? count(most, "trial") : `${whole.format(least)} to ${count(most, "trial")}`;
}

function made(part) {
  const trials = part.accounts.reduce((sum, a) => sum + (a.trials ?? 0), 0),
        failed = part.accounts.reduce((sum, a) => sum + (a.failed ?? 0), 0);
  const s = part.run.sweep, is_run = part.kind === "run", lines = [];
  if (part.kind === "calibration") {
    lines.push(p(`A calibration: ${count(part.accounts.length, "account")}, each with waves of ${
        count(part.run.trials_per_account, "trial")} over what was left of its priors.`));
  } else if (!is_run) {
    lines.push(p(`An adjudication: ${count(part.accounts.length, "account")} with ${
        trials_of(part)} each, after a search for trials that fit the record.`));
  } else if (trials === 0) {
    lines.push(p("The file has no trials, so there is nothing to show but how it was made."));
  } else {
    lines.push(p(
        `${count(trials, "trial")} of ${count(part.accounts.length, "account")}; ${
            failed ? `${whole.format(failed)} failed and ${failed === 1 ? "counts" : "count"} nowhere below` :
                     "none failed"}. ` +
        "Each is one possible course under the assumptions of its account; the spread between them is what luck and uncertain parameters make."));
    const least = Math.min(...part.accounts.map((a) => a.trials - a.failed));
    if (least > 0)
      lines.push(p(`How sure: with ${count(least, "trial")} of an account, a share is known within ${
          number(Math.ceil(980 / Math.sqrt(least)) / 10)} percentage points or better (95 %).`));
  }
  if (s)
    lines.push(p(`The merged trials of a sweep, which are spread over a design and not over what is probable: ${
        whole.format(
            s.planned)} were planned, ${s.missing ? `${whole.format(s.missing)} are missing` : "none is missing"}.`));
  const columns =
      [["title", "account"], ["name", "name"], ...(is_run ? [["trials", "trials"], ["failed", "failed"]] : [])];
  return el(
      "div", {class: "card"}, el("h3", {}, base(part.file)), lines, table(columns, part.accounts),
      part.failures?.length ?
          [
            p("The first that did not end well:"),
            table([["trial", "trial"], ["stage", "stage"], ["message", "message"]], part.failures)
          ] :
          null,
      el("details", {class: "more"}, el("summary", {}, "How it was made, to check or repeat it"), provenance(part),
         el("p", {class: "note"},
            "The same case, seed and trials give the same digest on any machine; qantar verify recomputes it and runs a sample of trials again.")));
}
