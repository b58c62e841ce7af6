// The page: one function for each section, called when the data has what it shows.

const main = document.getElementById("main"), nav = el("ol");
const base = (path) => String(path).split("/").at(-1);
const kinds = (kind) => data.parts.filter((part) => part.kind === kind);

function section(id, title, ...children) {
  const node = el("section", { id, "aria-labelledby": `${id}-h` }, el("h2", { id: `${id}-h` }, title), children);
  main.append(node);
  nav.append(el("li", {}, el("a", { href: `#${id}` }, title)));
  return node;
}
const p = (...children) => el("p", {}, children);
/** Sections of several files of one kind say which file they are of. */
const suffix = (part) => (kinds(part.kind).length > 1 ? ` · ${base(part.file ?? part.source)}` : "");
const id_of = (part, name) => `${name}-${data.parts.indexOf(part)}`;
const interval = ([value, low, high], show = number) => (missing(low) ? show(value) : `${show(value)} [${show(low)}, ${show(high)}]`);
const estimate_of = (e) => [e?.value, e?.low, e?.high];
const index_options = (items, text) => items.map((item, i) => [i, text(item)]);
const share_axis = (title) => ({ type: "quantitative", title, scale: { domain: [0, 1] }, axis: { format: ".0%", tickCount: 5 } });

function key(entries) {
  const shapes = { bar: (c) => `<rect x="1" y="3" width="24" height="8" fill="${c}" opacity=".75"/>`, range: (c) => `<path d="M1 7H25" stroke="${c}" stroke-width="2"/><path d="M7 7H19" stroke="${c}" stroke-width="7"/><circle cx="13" cy="7" r="4" fill="var(--paper)" stroke="${c}" stroke-width="2"/>`,
    dot: (c) => `<path d="M2 7H24" stroke="${c}" stroke-width="3"/><circle cx="13" cy="7" r="4.5" fill="${c}"/>`, diamond: (c) => `<path d="M13 1L19 7L13 13L7 7Z" fill="${c}"/>`,
    disc: (c) => `<circle cx="13" cy="7" r="6" fill="${c}"/>`, square: (c) => `<rect x="7" y="1" width="12" height="12" fill="none" stroke="${c}" stroke-width="1.6"/>`, text: (c) => `<text x="6" y="12" font-size="12" font-weight="700" fill="${c}">Aa</text>` };
  // Only shapes and colours of this file become markup here.
  return el("ul", { class: "key" }, entries.map(([shape, colour, text]) => {
    const picture = el("span", { "aria-hidden": "true" });
    picture.innerHTML = `<svg viewBox="0 0 26 14">${shapes[shape](colour)}</svg>`;
    return el("li", {}, picture, text);
  }));
}
const keyed = (node, entries) => { node.querySelector("figcaption").after(key(entries)); return node; };
const label_of = (part, id) => part.names?.[id] ?? words(id);
/** An outcome in words: "site_fell_occurred:almaty_knb" as the result of a run on the same page explains it. */
function outcome_text(name) {
  const [written, at] = String(name).split(":"), part = kinds("run").find((x) => x.outcomes?.some((o) => o.name === written.replace(/_occurred$/, "")));
  const text = part?.outcomes.find((o) => o.name === written.replace(/_occurred$/, "")).text || words(written);
  return at === undefined ? text : `${part ? label_of(part, at) : words(at)}: ${text}`;
}
const account_label = (account) => words(account.name);

// ---- Head -----------------------------------------------------------------------------------------------------------

function head() {
  const first = data.parts.find((part) => part.run) ?? data.parts[0] ?? {};
  const title = first.run?.title || first.title || "Report";
  document.title = `${title} – Qantar report`;
  const runs = data.parts.filter((part) => part.run);
  const facts = [];
  const accounts = new Set(runs.flatMap((part) => part.accounts.map((a) => a.name)));
  const trials = kinds("run").flatMap((part) => part.accounts).reduce((sum, a) => sum + a.trials, 0);
  if (accounts.size) facts.push([whole.format(accounts.size), accounts.size === 1 ? "rival account" : "rival accounts"]);
  if (kinds("run").length) facts.push([whole.format(trials), "simulated trials"]);
  const events = kinds("run").flatMap((part) => part.record?.events ?? []).length || 0;
  if (events) facts.push([whole.format(events), "documented rows compared"]);
  const verdict = kinds("adjudication")[0]?.summary?.verdict;
  if (verdict) facts.push([capital(words(verdict)), "verdict"]);
  document.getElementById("head").append(
    el("p", { class: "kind" }, "Qantar report"), el("h1", {}, title),
    el("p", { class: "lead" }, "What rival accounts of a crisis imply when they are run as simulations, and how that compares with what is documented. Not what happened, and not who did what."),
    el("ul", { class: "facts" }, facts.map(([n, text]) => el("li", {}, el("b", {}, n), el("span", {}, text)))));
}

// ---- What was run ---------------------------------------------------------------------------------------------------

function provenance(part) {
  const made = part.made ?? {}, run = part.run;
  const rows = [["File", base(part.file)], ["Content digest", part.digest], ["Seed", run.seed], ["Command", run.command], ["Changed keys", run.changes?.length ? run.changes.join("\n") : "none"],
    ["Program", made.code_version ? `qantar ${made.code_version} (${made.revision ?? "unknown revision"})` : null], ["Compiler", made.compiler], ["Flags", made.flags ?? made.compiler_flags], ["Instruction set", made.instruction_set],
    ["Started, ended (UTC)", made.started ? `${made.started}, ${made.ended ?? made.finished ?? "–"}` : null],
    ["SHA-256 of the configuration", made.configuration_sha256], ["SHA-256 of the record", run.evidence_sha256 || null]];
  return el("dl", {}, rows.filter(([, value]) => !missing(value) && value !== "").flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, el("code", {}, value))]));
}

// "8,000 trials", or "4,000 to 16,000 trials" where accounts have different numbers.
function trials_of(part) {
  const all = (part.summary.hypotheses ?? []).map((h) => h.trials).filter((n) => n > 0);
  const least = Math.min(...all), most = Math.max(...all);
  if (!all.length) return count(part.run.trials_per_account, "trial");
  return least === most ? count(most, "trial") : `${whole.format(least)} to ${count(most, "trial")}`;
}

function made(part) {
  const trials = part.accounts.reduce((sum, a) => sum + (a.trials ?? 0), 0), failed = part.accounts.reduce((sum, a) => sum + (a.failed ?? 0) + (a.truncated ?? 0), 0);
  const s = part.run.sweep, is_run = part.kind === "run", lines = [];
  if (!is_run) {
    lines.push(p(`An adjudication: ${count(part.accounts.length, "account")} with ${trials_of(part)} each, after a search for trials that fit the record.`));
  } else if (trials === 0) {
    lines.push(p("The file has no trials, so there is nothing to show but how it was made."));
  } else {
    lines.push(p(`${count(trials, "trial")} of ${count(part.accounts.length, "account")}; ${failed ? `${whole.format(failed)} failed or were cut short and ${failed === 1 ? "counts" : "count"} nowhere below` : "none failed"}. ` +
      "Each is one possible course under the assumptions of its account; the spread between them is what luck and uncertain parameters make."));
    const least = Math.min(...part.accounts.map((a) => a.trials - a.failed - a.truncated));
    if (least > 0) lines.push(p(`How sure: with ${count(least, "trial")} of an account, a share is known within ${number(98 / Math.sqrt(least))} percentage points or better (95 %).`));
  }
  if (s) lines.push(p(`The merged trials of a sweep, which are spread over a design and not over what is probable: ${whole.format(s.planned)} were planned, ${s.missing ? `${whole.format(s.missing)} are missing` : "none is missing"}.`));
  const columns = [["title", "account"], ["name", "name"], ...(is_run ? [["trials", "trials"], ["failed", "failed"]] : [])];
  return el("div", { class: "card" }, el("h3", {}, base(part.file)), lines, table(columns, part.accounts),
    part.failures?.length ? [p("The first that did not end well:"), table([["trial", "trial"], ["stage", "stage"], ["message", "message"]], part.failures)] : null,
    el("details", { class: "more" }, el("summary", {}, "How it was made, to check or repeat it"), provenance(part),
      el("p", { class: "note" }, "The same case, seed and trials give the same digest on any machine; qantar verify recomputes it and runs a sample of trials again.")));
}

// ---- Outcomes -------------------------------------------------------------------------------------------------------

function outcomes(part) {
  const clock = part.time;
  const is_share = (o) => o.kind === "flag" || o.kind === "time";
  const name_of = (o, label) => capital(!label ? o.text || words(o.name) : o.axis === "action" ? label : `${label}: ${o.text || words(o.name)}`) + (o.latent ? " (known only inside the model)" : "");
  const all = part.outcomes.flatMap((o, i) => o.values.map((by_account, k) => ({ o, by_account, key: `${i}.${k}`, label: o.axis ? label_of(part, part.labels[o.axis]?.[k] ?? k) : "" })));
  if (all.length === 0) return;
  const informative = (x) => x.by_account.some((a) => a[0] > 0.02 && a[0] < 0.98);
  const wanted = /^(site_fell|action_time|place_mass_crowd|office_dismissed)$/;
  const overview = all.filter((x) => is_share(x.o) && !x.o.latent && (!x.o.axis || wanted.test(x.o.name)) && informative(x)).slice(0, 400);
  // The first thing to look at: the outcome on which the accounts differ most.
  const spread = (x) => { const s = x.by_account.map((a) => a[0]).filter((v) => !missing(v)); return s.length ? Math.max(...s) - Math.min(...s) : 0; };
  const top = overview.slice().sort((a, b) => spread(b) - spread(a)).slice(0, 24);
  const glance = overview.filter((x) => top.includes(x));
  const told = (a, o) => [is_share(o) ? `${percent(a[0])} [${percent(a[1])}, ${percent(a[2])}] of trials` : "", missing(a[5]) ? "" : o.kind === "time" ? `median ${clock.text(a[5])}, 90 % from ${clock.text(a[3])} to ${clock.text(a[7])}` : `median ${number(a[5])}, 90 % from ${number(a[3])} to ${number(a[7])}`].filter(Boolean).join("; ");
  const children = [];
  if (glance.length && part.accounts.length)
    children.push(figure({
      title: part.accounts.length > 1 ? "How often it happens: where the accounts differ most" : "How often it happens",
      note: "Share of trials, in percent. What happens in nearly all trials or in none of every account is left out.",
      columns: [["row", "outcome"], ["column", "account"], ["value", "share of trials"], ["low", "low (95 %)"], ["high", "high (95 %)"]],
      rows: () => glance.flatMap((x) => part.accounts.map((account, h) => { const a = x.by_account[h]; return { row: name_of(x.o, x.label), column: account_label(account), value: a[0], low: a[1], high: a[2], shown: missing(a[0]) ? "–" : String(Math.round(100 * a[0])) }; })),
      alt: (rows) => { const r = rows.filter((x) => !missing(x.value)).sort((a, b) => b.value - a.value)[0]; return r ? `Most often: ${r.row} under ${r.column}, in ${percent(r.value)} of trials` : "no shares"; },
      spec: (rows, width) => heat(rows, width, { column: "account" }),
    }));
  const chosen = (state) => all.find((x) => x.key === state.outcome) ?? all[0];
  const prefer = all.find((x) => x.o.name === "deaths") ?? all[0];
  const rows_of = (state) => { const x = chosen(state); return part.accounts.map((account, h) => {
    const a = x.by_account[h], time = x.o.kind === "time";
    return { label: capital(account_label(account)), aside: is_share(x.o) ? percent(a[0]) : missing(a[5]) ? "–" : number(a[5]), value: a[0], low: a[1], high: a[2], q05: a[3], q25: a[4], q50: a[5], q75: a[6], q95: a[7], told: told(a, x.o), time }; }); };
  const q = ["q05", "q25", "q50", "q75", "q95"];
  children.push(keyed(figure({
    title: (s) => name_of(chosen(s).o, chosen(s).label),
    note: (s) => { const k = chosen(s).o.kind; return k === "flag" ? "Share of trials in which it is so, with 95 % intervals." : k === "time" ? "When it happens, in trials in which it does; the percentage is the share of these." : "Trials of each account; the number is the median."; },
    controls: { outcome: { label: "outcome", options: all.map((x) => [x.key, name_of(x.o, x.label)]), value: prefer.key } },
    columns: [["label", "account"], ["value", "share of trials"], ["low", "low (95 %)"], ["high", "high (95 %)"], ...q.map((name, i) => [name, ["5 %", "25 %", "median", "75 %", "95 %"][i]])],
    rows: (s) => rows_of(s).map((r) => (chosen(s).o.kind === "time" ? { ...r, ...Object.fromEntries(q.map((name) => [name, clock.text(r[name])])) } : r)),
    alt: (_, s) => rows_of(s).map((r) => `${r.label}: ${r.told}`).join(". "),
    spec: (_, width, s) => {
      const o = chosen(s).o, rows = rows_of(s);
      if (o.kind === "flag") return dots(rows, width, { x: share_axis("share of trials (%)") });
      const shown_rows = rows.map((r) => ({ ...r, low: null, high: null, ...(o.kind === "time" ? Object.fromEntries(q.map((name) => [name, clock.value(r[name])])) : {}) }));
      return ranges(shown_rows, width, { x: o.kind === "time" ? clock.x(undefined) : { type: "quantitative", title: o.unit && o.unit !== "1" ? `${o.text || words(o.name)} (${o.unit})` : o.text || words(o.name), axis: { tickCount: 6 }, scale: { zero: false } } });
    },
  }), [["range", blue, "90 and 50 % of trials, and the median"], ["dot", blue, "share with its 95 % interval"]]));
  section(id_of(part, "outcomes"), `Outcomes${suffix(part)}`, p("What each account leads to, over all its trials."), children);
}

// ---- The record -----------------------------------------------------------------------------------------------------

function record(part) {
  const r = part.record, clock = part.time;
  const predictors = r.predictors, real = predictors.map((x, i) => [i, capital(words(x.name)), x]).filter(([, , x]) => !x.baseline);
  const account = { label: "account", options: real.map(([i, name]) => [i, name]) };
  const which = { label: "rows", options: [["all", "all"], ["key", "key rows, by which accounts are weighed"], ["held", "held out of every fit"]] };
  const kept = (events, s) => events.filter((e) => (s.which === "key" ? e.key : s.which === "held" ? e.held_out : true));
  const group = (e) => (e.held_out ? "held out" : e.input_driven ? "input driven" : "");
  const groups = { "held out": pink, "input driven": quiet };
  const mark = (e) => (e.held_out ? "◆ " : "") + e.title + (e.input_driven ? " (input driven)" : "");
  const row = (e, s) => { const [happened, q05, q25, q50, q75, q95, hit, low, high, score] = e.predicted[s.account] ?? []; return { id: e.id, label: mark(e), title: e.title, group: group(e), grade: e.grade, documented: e.documented, low: e.low, high: e.high, happened, q05, q25, q50, q75, q95, hit, hit_low: low, hit_high: high, score, held_out: e.held_out ? "yes" : "no" }; };
  const columns = (unit) => [["id", "row"], ["title", "event"], ["documented", "documented"], ["held_out", "held out"], ["grade", "grade"], ["shown", `predicted: median [5 %, 95 %]${unit}`], ["happened", "share of trials in which there is a value"], ["hit", "hit rate"], ["hit_low", "low (95 %)"], ["hit_high", "high (95 %)"], ["score", "score (0 is best)"]];
  const of_account = (s) => capital(words(predictors[s.account]?.name ?? ""));
  const times = r.events.filter((e) => e.measure === "time" && e.kind === "time").sort((a, b) => (a.low ?? a.high ?? 0) - (b.low ?? b.high ?? 0));
  const amounts = r.events.filter((e) => e.measure === "number");
  const asked = r.events.filter((e) => !["time", "number"].includes(e.measure));
  const hits = (rows) => `${rows.filter((x) => !missing(x.q05) && x.q05 <= x.high && x.q95 >= x.low).length} of ${rows.length} documented intervals meet the range of 90 % of trials`;
  const children = [];
  if (r.totals.length) {
    const names = [...new Set(r.totals.map((t) => t.group))];
    children.push(figure({
      title: (s) => {
        const of = r.totals.filter((t) => t.group === s.group && !predictors[t.predictor].baseline && !missing(t.score[1]));
        const scores = of.map((t) => t.score[0]), between = Math.max(...scores) - Math.min(...scores), within = Math.min(...of.map((t) => t.score[2] - t.score[1]));
        return `How near ${of.length > 1 ? "the accounts come" : "the account comes"} to the record${of.length > 1 && between < within ? ": they differ by less than their intervals" : ""}`;
      },
      note: "Mean score over documented events; 0 is best, 1 about as bad as can be. Baselines know nothing of politics. Intervals (95 %) say how far it depends on which events are in the record.",
      controls: { group: { label: "events", options: names.map((n) => [n, words(n)]) } },
      columns: [["label", "predictor"], ["value", "mean score"], ["low", "low (95 %)"], ["high", "high (95 %)"], ["hit", "hit rate"], ["rows", "rows"]],
      rows: (s) => r.totals.filter((t) => t.group === s.group).map((t) => ({ label: capital(words(predictors[t.predictor].name)) + (predictors[t.predictor].baseline ? " (baseline)" : ""), value: t.score[0], low: t.score[1], high: t.score[2], hit: t.hit[0], rows: t.rows, told: `score ${interval(t.score)}, hit rate ${interval(t.hit, percent)}`, aside: number(t.score[0]), group: predictors[t.predictor].baseline ? "baseline" : "" })),
      alt: (rows) => rows.map((x) => `${x.label}: ${x.told}`).join(". "),
      spec: (rows, width) => dots(rows, width, { x: { type: "quantitative", title: "mean score (0 is best)", scale: { zero: true } }, colours: { baseline: quiet }, groups: { baseline: quiet } }),
    }));
  }
  if (times.length)
    children.push(keyed(figure({
      title: (s) => `When it happened, and when it does under ${of_account(s).toLowerCase()}`,
      note: "Event by event, in the order of the record. The percentage is the share of trials that agree with it.",
      controls: { account, which },
      columns: columns(""),
      rows: (s) => kept(times, s).map((e) => { const x = row(e, s); return { ...x, shown: missing(x.q50) ? "never" : `${clock.text(x.q50)} [${clock.text(x.q05)}, ${clock.text(x.q95)}]` }; }),
      alt: (rows) => hits(rows),
      spec: (rows, width) => ranges(rows.map((x) => ({ ...x, aside: percent(x.hit), told: x.shown, ...Object.fromEntries(["low", "high", "q05", "q25", "q50", "q75", "q95"].map((n) => [n, clock.value(x[n])])) })), width,
        { x: clock.x(undefined, { ticks: width < 500 ? 4 : 9, axis: { orient: "top" } }), groups }),
    }), [["bar", yellow, "documented, with its tolerance"], ["range", blue, "predicted: 90 and 50 % of trials, median"], ["text", pink, "◆ held out of every fit"]]));
  if (amounts.length)
    children.push(keyed(figure({
      title: (s) => `How many were documented, and how many there are under ${of_account(s).toLowerCase()}`,
      note: "The scale is logarithmic beyond 1.",
      controls: { account, which }, columns: columns(""),
      rows: (s) => kept(amounts, s).map((e) => { const x = row(e, s); return { ...x, shown: `${number(x.q50)} [${number(x.q05)}, ${number(x.q95)}]` }; }),
      alt: (rows) => hits(rows),
      spec: (rows, width) => ranges(rows.map((x) => ({ ...x, aside: percent(x.hit), told: x.shown })), width, { x: { type: "quantitative", title: "number (in the unit of the row)", scale: { type: "symlog", nice: false }, axis: { values: [0, 1, 10, 100, 1000, 10000, 100000, 1000000], labelExpr: "datum.value < 1000 ? datum.value : datum.value / 1000 + 'k'", orient: "top" } }, groups }),
    }), [["bar", yellow, "documented, with its tolerance"], ["range", blue, "predicted: 90 and 50 % of trials, median"], ["text", pink, "◆ held out of every fit"]]));
  if (asked.length)
    children.push(keyed(figure({
      title: (s) => `What did or did not happen, and in what order: share of trials of ${of_account(s).toLowerCase()} that agree`,
      controls: { account, which }, columns: columns(""),
      rows: (s) => kept(asked, s).map((e) => { const x = row(e, s); return { ...x, shown: "", value: x.hit }; }),
      alt: (rows) => rows.map((x) => `${x.title}: ${percent(x.hit)}`).join(". "),
      spec: (rows, width) => dots(rows.map((x) => ({ ...x, low: x.hit_low, high: x.hit_high, aside: percent(x.hit), told: interval([x.hit, x.hit_low, x.hit_high], percent) })), width, { x: { ...share_axis("share of trials that agree with the record (%)"), axis: { format: ".0%", tickCount: 5, orient: "top" } }, groups }),
    }), [["dot", blue, "share with its 95 % interval"], ["text", pink, "◆ held out of every fit"]]));
  if (r.sequence.shares.length && r.sequence.elements.length)
    children.push(figure({
      title: (() => { const alls = r.sequence.shares.filter((x) => !predictors[x.predictor].baseline).map((x) => x.all[0]).filter((x) => !missing(x)), ends = [...new Set([percent(Math.min(...alls)), percent(Math.max(...alls))])]; return alls.length ? `The whole key sequence comes together in ${ends.join(" to ")} of trials` : "The key sequence"; })(),
      note: "Share of trials with each of its elements, in percent. That an account reproduces the sequence supports it only as far as the others fail to.",
      columns: [["row", "element"], ["column", "predictor"], ["value", "share of trials"], ["low", "low (95 %)"], ["high", "high (95 %)"]],
      rows: () => [...r.sequence.elements.map((text, i) => [text, (x) => x.elements[i]]), ["All of them", (x) => x.all]].flatMap(([text, get]) => r.sequence.shares.map((x) => { const e = get(x) ?? []; return { row: text, column: words(predictors[x.predictor].name), value: e[0], low: e[1], high: e[2], shown: missing(e[0]) ? "–" : String(Math.round(100 * e[0])) }; })),
      alt: () => r.sequence.shares.map((x) => `${words(predictors[x.predictor].name)}: all elements in ${percent(x.all[0])} of trials, ${number(x.count[0])} on average`).join(". "),
      spec: (rows, width) => heat(rows, width, { column: "account", height: 25 }),
    }));
  if (r.tellings.length && part.accounts.length > 1)
    children.push(figure({
      title: `What tells the accounts apart, and whether it is on record: ${r.tellings.filter((t) => t.on_record).length} of ${r.tellings.length} are`,
      note: "How well one outcome alone picks out trials of one account (area under the curve; 0.5 is chance, 1 a label), judged on other trials than it was learnt from.",
      columns: [["outcome", "outcome"], ["account", "account"], ["value", "area under the curve"], ["on_record", "on record"]],
      rows: () => r.tellings.map((t) => ({ outcome: outcome_text(t.outcome), account: account_label(part.accounts[t.account]), value: t.auc, on_record: t.on_record ? "yes" : "no", label: `${capital(outcome_text(t.outcome))} → ${account_label(part.accounts[t.account])}`, told: number(t.auc), aside: `${t.on_record ? "on record" : "not on record"} · ${t.auc.toFixed(2)}`, group: t.on_record ? "" : "not on record" })),
      alt: (rows) => rows.map((x) => `${x.outcome}: ${number(x.value)}, ${x.on_record === "yes" ? "on record" : "not on record"}`).join(". "),
      spec: (rows, width) => dots(rows, width, { x: { type: "quantitative", title: "area under the curve", scale: { domain: [0.5, 1] } }, colours: { "not on record": orange } }),
    }));
  const courses = r.courses ?? [];
  const facts = courses.flatMap((c) => [...(c.stylised_facts ?? []).map((x) => ["stylised fact", x, c]), ...(c.degenerate ?? []).map((x) => ["degenerate course", x, c])]);
  if (facts.length)
    children.push(figure({
      title: "Does the model behave? Patterns that it must show, and courses in which it degenerates",
      note: "Share of trials, in percent; degenerate courses in orange.",
      columns: [["row", "pattern"], ["column", "account"], ["value", "share of trials"], ["low", "low (95 %)"], ["high", "high (95 %)"]],
      rows: () => { const rows = facts.map(([kind, x, c]) => ({ row: (kind === "degenerate course" ? "Degenerate: " : "") + x.text, column: words(c.hypothesis), value: x.value, low: x.low, high: x.high, flag: kind === "degenerate course", shown: missing(x.value) ? "–" : String(Math.round(100 * x.value)) })); return [...rows.filter((x) => !x.flag), ...rows.filter((x) => x.flag)]; },
      spec: (rows, width) => heat(rows, width, { column: "account" }),
    }));
  section(id_of(part, "record"), `The record${suffix(part)}`, p("Trials beside documented events, whose intervals include their tolerance. Grades: A several independent families of sources, B one, C official only, D contested."), children);
}

// ---- The map --------------------------------------------------------------------------------------------------------

function place_map(part) {
  const clock = part.time, c = part.clock, places = part.map.places;
  const sources = [...part.map.by_account.map((m, h) => ({ text: `All trials of ${account_label(part.accounts[h])}: medians`, m, all: true })),
    ...(part.trials ?? []).map((t) => ({ text: `Trial ${t.trial}, ${account_label(part.accounts[t.account])}${t.typical ? " (typical)" : ""}`, m: t, all: false }))];
  if (sources.length === 0 || places.length === 0) return;
  const steps = c.steps, hour_of = (step) => c.start + (Number(step) + 1) * c.step;
  const peak = (m, name) => Math.max(1, ...m[name].flat().filter((x) => !missing(x)));
  const crowd_at = (m, i, t) => (m.peaceful[i][t] ?? 0) + (m.violent[i][t] ?? 0);
  const state = { step: 0 };
  const largest = (m) => { let most = 0; for (let i = 0; i < places.length; ++i) for (let t = 0; t < steps; ++t) most = Math.max(most, crowd_at(m, i, t)); return most; };
  for (const s of sources) { s.most = largest(s.m); s.police = peak(s.m, "police_present"); }
  const busiest = (m) => { let best = 0, most = -1; for (let t = 0; t < steps; ++t) { let sum = 0; for (let i = 0; i < places.length; ++i) sum += crowd_at(m, i, t); if (sum > most) { most = sum; best = t; } } return best; };
  state.step = busiest(sources[0].m);
  const majors = new Set(places.map((x, i) => [x.population, i]).sort((a, b) => b[0] - a[0]).slice(0, 9).map(([, i]) => i));
  const lost_text = (lost, sites, all) => (lost > 0 ? `${all ? number(lost) : Math.round(lost)} of ${sites} lost` : `${sites} held`);
  const rows_at = (source, t) => places.map((x, i) => { const m = source.m, lost = m.lost[i]?.[t] ?? 0; return { name: x.name, longitude: x.longitude, latitude: x.latitude, major: majors.has(i), crowd: crowd_at(m, i, t), violent: m.violent[i][t] ?? 0, police: m.police_present[i][t] ?? 0, lost, sites: x.sites, lost_text: lost_text(lost, x.sites, source.all), lost_short: `${source.all ? number(lost) : Math.round(lost)}/${x.sites}` }; });
  let slider, output, sentence, timer = 0, play;
  const source_of = (s) => sources[s.source] ?? sources[0];
  const say = (s) => {
    const rows = rows_at(source_of(s), state.step), sum = (name) => rows.reduce((total, x) => total + x[name], 0), lost = rows.filter((x) => x.lost > 0.05);
    const network = source_of(s).m.network_level?.[state.step];
    output.textContent = clock.text(hour_of(state.step));
    slider.setAttribute("aria-valuetext", output.textContent);
    sentence.textContent = `${clock.text(hour_of(state.step))}: ${whole.format(sum("crowd"))} on the street, ${whole.format(sum("violent"))} of them violent; ${whole.format(sum("police"))} of the forces present; network at ${percent(network)}. ` +
      (lost.length ? `State sites lost: ${listed(lost.slice(0, 6).map((x) => `${x.name} ${x.lost_text.replace(" lost", "")}`))}${lost.length > 6 ? " and elsewhere" : ""}.` : "All state sites are held.");
  };
  const step_to = (f, t) => {
    state.step = Math.max(0, Math.min(steps - 1, t));
    slider.value = state.step;
    say(f.state);
    f.update();
    if (f.view) f.view.data("now", rows_at(source_of(f.state), state.step)).runAsync();
  };
  const stop = () => { clearInterval(timer); timer = 0; play.textContent = "Play"; };
  const node = keyed(figure({
    title: (s) => `The crisis hour by hour, as simulated: ${source_of(s).text.charAt(0).toLowerCase()}${source_of(s).text.slice(1)}`,
    note: (s) => (source_of(s).all ? "Medians of each place and hour, and mean numbers of sites lost; no single trial looks like this. Choose a trial to see one." : "One trial of many."),
    controls: { source: { label: "show", options: index_options(sources, (x) => x.text), value: 0 } },
    change: (s, name, f) => { state.step = busiest(source_of(s).m); slider.value = state.step; say(s); },
    before: (f) => {
      slider = el("input", { type: "range", min: 0, max: steps - 1, step: 1, value: state.step, "aria-label": "hour", oninput: (event) => { step_to(f, Number(event.target.value)); } });
      output = el("output", {});
      play = el("button", { type: "button", onclick: () => { if (timer) return stop(); if (state.step >= steps - 1) step_to(f, 0); play.textContent = "Stop"; timer = setInterval(() => (state.step >= steps - 1 ? stop() : step_to(f, state.step + 1)), 120); } }, "Play");
      sentence = el("p", { class: "state" });
      queueMicrotask(() => say(f.state));
      return [el("div", { class: "hour" }, play, slider, output), sentence];
    },
    columns: [["name", "place"], ["crowd", "on the street"], ["violent", "of them violent"], ["police", "forces present"], ["lost", "state sites lost"], ["sites", "state sites"]],
    rows: (s) => rows_at(source_of(s), state.step),
    alt: (rows) => `At ${clock.text(hour_of(state.step))}: ${rows.filter((x) => x.crowd > 0).map((x) => `${x.name} ${whole.format(x.crowd)}`).join(", ") || "nobody on the street"}`,
    spec: (rows, width, s) => map(rows, width, { places, most: source_of(s).most, most_police: source_of(s).police }),
  }), [["disc", yellow, "people on the street"], ["disc", orange, "of them violent"], ["square", blue, "forces on duty"], ["text", orange, "state sites lost"]]);
  section(id_of(part, "map"), `Map${suffix(part)}`, p("Areas are in proportion to numbers. The arrow keys move the hour."), node);
}

// ---- Courses --------------------------------------------------------------------------------------------------------

function courses(part) {
  const clock = part.time, quantiles = ["q05", "q25", "q50", "q75", "q95"];
  const rows_of = (fan, panel) => part.hours.map((hour, t) => ({ panel, hour, t: clock.value(hour), ...Object.fromEntries(quantiles.map((name, q) => [name, fan?.[q]?.[t] ?? null])) })).filter((x) => !missing(x.q50));
  const columns = [["panel", "panel"], ["time", "time"], ["q05", "5 %"], ["q25", "25 %"], ["q50", "median"], ["q75", "75 %"], ["q95", "95 %"]];
  const with_time = (rows) => rows.map((x) => ({ ...x, time: clock.text(x.hour) }));
  const peaks = (rows) => [...new Set(rows.map((x) => x.panel))].map((panel) => { const best = rows.filter((x) => x.panel === panel).reduce((a, b) => (b.q50 > a.q50 ? b : a)); return `${panel}: the median is highest at ${clock.text(best.hour)} with ${number(best.q50)}`; }).join(". ");
  const of_axes = (n) => part.fans.filter((v) => v.axes.length === n);
  const unit_of = (v) => (v.unit && v.unit !== "1" ? v.unit : "");
  const text_of = (v) => capital(v.text || words(v.name));
  const bounded = (v) => (v.unit === "1" && v.fans.flat(2).flat().every((x) => missing(x) || (x >= 0 && x <= 1)) ? [0, 1] : undefined);
  const children = [];
  const placed = of_axes(1);
  const by_name = (name) => part.fans.find((v) => v.name === name);
  if (placed.length) {
    const biggest = (v) => { let best = 0, most = -1; v.fans[0]?.forEach((cell, i) => { const top = Math.max(...cell[2].map((x) => x ?? 0)); if (top > most) { most = top; best = i; } }); return best; };
    const options = placed.flatMap((v) => v.labels[0].map((label, i) => [`${v.name}/${i}`, `${text_of(v)}: ${label_of(part, label)}`]));
    const start = by_name("violent") ?? placed[0];
    const chosen = (s) => { const [name, i] = s.what.split("/"); return [by_name(name), Number(i)]; };
    children.push(figure({
      title: (s) => { const [v, i] = chosen(s); return `${text_of(v)}, ${label_of(part, v.labels[0][i])}: the course under each account`; },
      controls: { what: { label: "course", options, value: `${start.name}/${biggest(start)}` } }, columns,
      rows: (s) => { const [v, i] = chosen(s); return with_time(part.accounts.flatMap((a, h) => rows_of(v.fans[h][i], account_label(a)))); },
      alt: peaks, spec: (rows, width, s) => fans(rows, width, { clock, unit: unit_of(chosen(s)[0]), domain: bounded(chosen(s)[0]) }),
    }));
  }
  const scalars = of_axes(0);
  if (scalars.length)
    children.push(figure({
      title: (s) => `${text_of(by_name(s.what))}${part.classic ? "" : " in the whole country"}: the course under each account`,
      controls: { what: { label: "course", options: scalars.map((v) => [v.name, text_of(v)]), value: (by_name("dead_so_far") ?? scalars[0]).name } }, columns,
      rows: (s) => with_time(part.accounts.flatMap((a, h) => rows_of(by_name(s.what).fans[h][0], account_label(a)))),
      alt: peaks, spec: (rows, width, s) => fans(rows, width, { clock, unit: unit_of(by_name(s.what)), domain: bounded(by_name(s.what)) }),
    }));
  for (const v of of_axes(2)) {
    const [first, second] = v.labels, cell = (i, j) => i * second.length + j;
    // A panel for each entry of the longer axis of the two.
    const across = second.length >= first.length, panels = across ? second : first, choices = across ? first : second;
    children.push(figure({
      title: (s) => `${text_of(v)}: ${label_of(part, choices[s.of])}, under ${account_label(part.accounts[s.account])}`,
      controls: { account: { label: "account", options: index_options(part.accounts, (a) => capital(account_label(a))) }, of: { label: words(v.axes[across ? 0 : 1]), options: choices.map((label, i) => [i, label_of(part, label)]) } }, columns,
      rows: (s) => with_time(panels.flatMap((label, k) => rows_of(v.fans[s.account][across ? cell(Number(s.of), k) : cell(k, Number(s.of))], label_of(part, label)))),
      alt: peaks, spec: (rows, width) => fans(rows, width, { clock, unit: unit_of(v), domain: bounded(v) }),
    }));
    if (v.name === "loyalty")
      children.push(figure({
        title: (s) => `Where organisations lean at ${clock.text(part.hours[s.when])}, under ${account_label(part.accounts[s.account])}`,
        note: "Medians, from 0 (not at all) to 1.",
        controls: { account: { label: "account", options: index_options(part.accounts, (a) => capital(account_label(a))) }, when: { label: "time", options: part.hours.map((h, t) => [t, clock.text(h)]).filter((_, t) => t % 8 === 0 || t === part.hours.length - 1), value: part.hours.length - 1 } },
        columns: [["row", "organisation"], ["column", "faction"], ["value", "median leaning"]],
        rows: (s) => second.flatMap((organisation, j) => first.map((faction, i) => { const x = v.fans[s.account][cell(i, j)][2][s.when]; return { row: label_of(part, organisation), column: label_of(part, faction), value: x, shown: missing(x) ? "–" : x.toFixed(2) }; })),
        spec: (rows, width) => heat(rows, width, { column: "account" }),
      }));
  }
  if (children.length) section(id_of(part, "courses"), `Courses${suffix(part)}`, p("Hour by hour over all trials that did not fail: the line is the median, the bands hold half and nine tenths of the trials at each hour. No single trial follows the median."), children);
}

// ---- Who stood where, and one trial -------------------------------------------------------------------------------

function elite(part) {
  const clock = part.time, st = part.stances, children = [];
  if (st && st.offices.length) {
    const present = st.organisations.map((name, i) => [name, i]).filter(([, i]) => st.offices.some((o) => o.organisation === i));
    children.push(figure({
      title: (s) => `Who stood where: stances of office-holders under ${account_label(part.accounts[s.account])}`,
      note: (s) => `Mean over ${count(st.trials[s.account], "kept trial")}.`,
      controls: { account: { label: "account", options: index_options(part.accounts, (a) => capital(account_label(a))) } },
      columns: [["panel", "organisation"], ["time", "time"], ["stance", "stance"], ["number", "mean number of office-holders"]],
      rows: (s) => present.flatMap(([name, i]) => stance_names.flatMap((stance, k) => part.hours.map((hour, t) => ({ panel: name, stance, order: k, hour, time: clock.text(hour), t: clock.value(hour), number: st.numbers[s.account][i][k][t] })))),
      alt: (rows) => present.map(([name]) => { const end = stance_names.map((stance) => [stance, rows.filter((x) => x.panel === name && x.stance === stance).at(-1)?.number]); return `${name}, at the end: ${end.map(([a, n]) => `${number(n)} ${a}`).join(", ")}`; }).join(". "),
      spec: (rows, width) => stances(rows, width, { clock }),
    }));
  }
  if (part.trials?.length && st?.offices.length)
    children.push(figure({
      title: (s) => `Office by office in trial ${part.trials[s.trial].trial}, under ${account_label(part.accounts[part.trials[s.trial].account])}`,
      note: "Stances as the holder of each office shows them. Offices, not persons.",
      controls: { trial: { label: "trial", options: index_options(part.trials, (t) => `Trial ${t.trial}: ${account_label(part.accounts[t.account])}`) } },
      columns: [["office", "office"], ["stance", "stance"], ["since", "from"], ["until", "to"]],
      rows: (s) => st.offices.flatMap((office, i) => { const changes = part.trials[s.trial].stances[i]; return changes.map(([time, stance], k) => { const to = changes[k + 1]?.[0] ?? part.clock.end; return { office: office.name, stance: stance_names[stance], from: clock.value(time), to: clock.value(to), since: clock.text(time), until: clock.text(to) }; }); }),
      alt: (rows) => `${new Set(rows.filter((x) => x.stance === stance_names[2]).map((x) => x.office)).size} of ${st.offices.length} office-holders oppose the president at some time`,
      spec: (rows, width) => offices(rows, width, { clock }),
    }));
  if (children.length) section(id_of(part, "elite"), `Who stood where${suffix(part)}`, children);
}

function story(part) {
  const told = (part.trials ?? []).filter((t) => t.story);
  if (told.length === 0) return;
  const box = el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "the story of the trial" });
  const show = (i) => {
    const t = told[i], prefix = `t${data.parts.indexOf(part)}-`;
    let list = null;
    const parts = [];
    for (const line of t.story.split("\n")) {
      const event = line.match(/^\s+(\d\d:\d\d)\s+(?:\[(\d+)(?:[^\]]*)\])?\s*(.*?)(?:\s←\s(.*))?$/);
      if (event) {
        list ??= parts[parts.push(el("ol", {})) - 1];
        const causes = event[4] ? event[4].split(/,\s*/) : [];
        list.append(el("li", event[2] ? { id: prefix + event[2] } : {}, el("time", {}, event[1]), el("span", {}, event[3],
          causes.map((cause) => (/^\d+$/.test(cause) ? el("a", { href: `#${prefix}${cause}`, title: `because of event ${cause}`, "aria-label": `because of event ${cause}` }, `↩${cause}`) : ` ${cause}`)))));
      } else if (line.trim()) {
        list = null;
        parts.push(/^\S/.test(line) && line.length < 40 ? el("h4", {}, line.trim()) : el("p", { class: "note" }, line.trim()));
      }
    }
    box.replaceChildren(...parts);
    box.scrollTop = 0;
    // What led to it may be an event that the short telling leaves out.
    for (const link of box.querySelectorAll("a")) if (!document.getElementById(link.getAttribute("href").slice(1)) && !box.querySelector(link.getAttribute("href"))) link.replaceWith(el("span", { class: "quiet" }, ` ${link.textContent}`));
    title.textContent = `Trial ${t.trial}, under ${account_label(part.accounts[t.account])}`;
  };
  const title = el("h3", {});
  const select = el("select", { onchange: (event) => show(Number(event.target.value)) }, told.map((t, i) => el("option", { value: i }, `Trial ${t.trial}: ${account_label(part.accounts[t.account])}${t.typical ? " (typical)" : ""}`)));
  show(0);
  section(id_of(part, "story"), `One trial as a story${suffix(part)}`,
    p("One run of many: what these assumptions can lead to, not what happened. A typical trial is the kept one whose crowds are nearest to those of the other kept trials of its account. Numbers after an arrow lead to the events that brought it about."),
    el("div", { class: "card story" }, title, told.length > 1 ? el("div", { class: "controls" }, el("label", {}, el("span", {}, "trial"), select)) : null, box));
}

// ---- The verdict ----------------------------------------------------------------------------------------------------

function adjudication(part) {
  const s = part.summary, hypotheses = s.hypotheses ?? [], reasons = s.reasons ?? [], children = [];
  const titles = new Map((s.key_rows ?? []).map((r) => [r.id, r.title]));
  const changed = (name) => { const id = name.match(/^without (\S+)$/)?.[1]; return capital(titles.has(id) ? `without: ${titles.get(id)}` : name); };
  const verdicts = { ranked: `Ranked: the record supports ${words(s.first ?? "")} most`, undetermined: "Undetermined: the record does not decide between the accounts", none_of_the_accounts: "None of the accounts: each misses what it must be able to produce" };
  children.push(el("div", { class: "card verdict" }, el("strong", {}, verdicts[s.verdict] ?? words(s.verdict ?? "no verdict")), el("ul", {}, reasons.slice(0, 8).map((reason) => el("li", {}, reason))),
    reasons.length > 8 ? el("details", { class: "more" }, el("summary", {}, count(reasons.length - 8, "more reason")), el("ul", {}, reasons.slice(8).map((reason) => el("li", {}, reason)))) : null,
    (s.ruled_out ?? []).length ? p(`Ruled out all the same: ${listed(s.ruled_out.map(words))}.`) : null,
    (s.lumps ?? []).filter((l) => l.length > 1).map((l) => p(`Not told apart by this record: ${listed(l.map(words))}.`))));
  if (hypotheses.length)
    children.push(keyed(figure({
      title: s.verdict === "ranked" ? "How probable each account is, given the record" : "How probable each account would be: not to be relied on alone, see the verdict",
      note: `All were equally probable before. By evidence: ${count(s.rows_weighed ?? 0, "key row")}, with the error of simulation only. Second opinion: a regression on ${count(s.rows_of_second_opinion ?? 0, "row")}, calibrated on simulated records.`,
      columns: [["label", "account"], ["value", "probability by evidence"], ["low", "low (95 %)"], ["high", "high (95 %)"], ["other", "second opinion"], ["log_evidence", "log evidence"], ["standard_error", "standard error"], ["effective_size", "worth trials"]],
      rows: () => hypotheses.map((h) => ({ ...h, label: capital(words(h.name)), value: h.probability, other: h.second_opinion, told: interval([h.probability, h.low, h.high], percent), aside: percent(h.probability) })),
      alt: (rows) => rows.map((x) => `${x.label}: ${x.told}`).join(". "),
      spec: (rows, width) => dots(rows, width, { x: share_axis("probability (%)") }),
    }), [["dot", blue, "by evidence, 95 % interval of simulation"], ["diamond", orange, "second opinion"]]));
  const confusion = (c, title, note) => {
    const shapes = [["overall", "all simulated records"], ["near", "records nearest to the documented one"]].filter(([name]) => Array.isArray(c[name]));
    if (!shapes.length || !Array.isArray(c.names)) return;
    children.push(figure({
      title, note, controls: { of: { label: "records", options: shapes } },
      columns: [["row", "simulated under"], ["column", "judged to be"], ["value", "share of records"]],
      rows: (state) => c.names.flatMap((truth, i) => c.names.map((judged, k) => { const x = c[state.of][i]?.[k]; return { row: capital(words(truth)), column: words(judged), value: x, shown: missing(x) ? "–" : String(Math.round(100 * x)) }; })),
      alt: (_, state) => c.names.map((name, i) => `${words(name)} is found in ${percent(c[state.of][i]?.[i])}`).join(". "),
      spec: (rows, width) => heat(rows, width, { column: "account" }),
    }));
  };
  if (s.confusion) confusion(s.confusion, "Would the truth have been found? Records simulated under each account, and what they are judged to be", "Rows: the account that made the record; columns: what the second opinion judges it to be, in percent. A record that could tell accounts apart would fill the diagonal.");
  if (s.confusion_by_evidence) confusion(s.confusion_by_evidence, "The same, judged by evidence", "Rows: the account that made the record; columns: what the evidence judges it to be, in percent.");
  if (s.second_opinion_of_parts?.length && hypotheses.length)
    children.push(figure({
      title: "What do parts of the record say alone? The second opinion on each",
      note: "Probability of each account, in percent, from some rows only. The table says from how many, and what share of simulated records is judged rightly from them.",
      columns: [["row", "part"], ["rows", "rows"], ["rightly", "simulated records judged rightly"], ["column", "account"], ["value", "probability"]],
      rows: () => s.second_opinion_of_parts.flatMap((part) => hypotheses.map((h, k) => ({ row: capital(part.name), rows: part.rows, rightly: 1 - part.error, column: words(h.name), value: part.probability[k], shown: String(Math.round(100 * part.probability[k])) }))),
      alt: (rows) => rows.map((x) => `${x.row}, ${x.column}: ${percent(x.value)}`).join(". "),
      spec: (rows, width) => heat(rows, width, { column: "account" }),
    }));
  if (s.reliability?.length)
    children.push(figure({
      title: "Can the probabilities be taken at their word? Points on the diagonal can",
      note: "Simulated records whose account is known, by the probability that the second opinion gave.",
      columns: [["predicted", "probability given"], ["observed", "share that was so"], ["low", "low (95 %)"], ["high", "high (95 %)"], ["n", "cases"]],
      rows: () => s.reliability.map((b) => ({ predicted: b.predicted, observed: b.observed?.value, low: b.observed?.low, high: b.observed?.high, n: b.n })),
      alt: (rows) => rows.map((x) => `given ${percent(x.predicted)}, so in ${percent(x.observed)}`).join(". "), spec: reliability,
    }));
  if (s.switches?.length)
    children.push(keyed(figure({
      title: `Was a mechanism at work? Probability under ${words(s.switches[0].account ?? "the open account")}, which leaves them open`,
      note: s.switches[0].refusals?.length ? `Not judged: ${s.switches[0].refusals.join("; ")}` : "",
      columns: [["label", "mechanism"], ["other", "before the record"], ["value", "after"], ["low", "low (95 %)"], ["high", "high (95 %)"]],
      rows: () => s.switches.map((x) => ({ label: capital(words(x.name)), other: x.before, value: x.inclusion, low: x.low, high: x.high, told: missing(x.inclusion) ? "not judged" : interval([x.inclusion, x.low, x.high], percent), aside: percent(x.inclusion) })),
      alt: (rows) => rows.map((x) => `${x.label}: before ${percent(x.other)}, after ${x.told}`).join(". "),
      spec: (rows, width) => dots(rows, width, { x: share_axis("probability (%)") }),
    }), [["diamond", orange, "before the record"], ["dot", blue, "after, with 95 % interval"]]));
  if (s.key_rows?.length)
    children.push(figure({
      title: "Which documented facts an account does not reproduce",
      note: "Where the documented value lies in what each account predicts (mid-p, in percent); below 1 or above 99, in orange, it does not reproduce the row.",
      columns: [["row", "documented"], ["column", "account"], ["value", "mid-p"]],
      rows: () => s.key_rows.flatMap((r) => hypotheses.map((h, k) => { const x = r.mid_p?.[k], flag = x < 0.01 || x > 0.99; return { row: r.title, column: words(h.name), value: x, shown: missing(x) ? "–" : String(Math.round(100 * x)), flag, shade: flag ? 0.7 : 0.1 }; })),
      alt: (rows) => `${rows.filter((x) => x.flag).length} of ${rows.length} pairs of row and account are not reproduced`,
      spec: (rows, width) => heat(rows, width, { column: "account" }),
    }));
  if (s.variations?.length)
    children.push(figure({
      title: "Does the answer hang on one fact or one choice? Probability when something is changed or left out",
      note: "By evidence, in percent: priors and errors narrower or wider, a row or a place left out. A dash: too few trials are left to say.",
      columns: [["row", "changed"], ["column", "account"], ["value", "probability"]],
      rows: () => s.variations.flatMap((v) => hypotheses.map((h, k) => { const x = v.probability?.[k]; return { row: changed(v.name), column: words(h.name), value: x, shown: missing(x) ? "–" : String(Math.round(100 * x)) }; })),
      spec: (rows, width) => heat(rows, width, { column: "account", height: 22 }),
    }));
  posteriors(part, children);
  if (s.claims?.length) {
    children.push(figure({
      title: "What was said, and in what share of trials that fit the record there is the trace that stands for it",
      note: "Claims are not evidence, and a trace is no motive: this says nothing on who did what. What is counted in a trial, and where the comparison ends, stands in the table. Averaged over the accounts.",
      columns: [["text", "claim"], ["speaker", "said by"], ["kind", "kind"], ["counted", "what is counted"], ["note", "where that ends"], ["value", "share"], ["low", "low (95 %)"], ["high", "high (95 %)"], ...hypotheses.map((h) => [`by_${h.name}`, words(h.name)])],
      rows: () => s.claims.map((c) => { const [value, low, high] = estimate_of(c.averaged); return { text: c.text, speaker: c.speaker, kind: words(c.kind ?? ""), counted: c.counted ?? "", note: c.note ?? "", value, low, high, label: `“${c.text}” – ${c.speaker}`, told: interval([value, low, high], percent), aside: percent(value), ...Object.fromEntries((c.by_hypothesis ?? []).map((x) => [`by_${x.name}`, x.value])) }; }),
      alt: (rows) => rows.map((x) => `${x.speaker} said: ${x.text}; ${x.told}`).join(". "),
      spec: (rows, width) => dots(rows, width, { x: { ...share_axis("share of trials that fit the record (%)"), axis: { format: ".0%", orient: "top", tickCount: 5 } } }),
    }));
  } else if (s.evidence_stands === false) children.push(el("p", { class: "quiet" }, "Claims are not judged, because the evidence cannot be relied on."));
  if (s.would_settle?.length)
    children.push(figure({
      title: "What would settle it: facts that are not on record, by what they would tell",
      note: `Expected information about the account in nats${s.evidence_stands ? "" : "; before the record, since the evidence cannot be relied on"}.`,
      columns: [["label", "outcome"], ["value", "expected information (nats)"], ["low", "low (95 %)"], ["high", "high (95 %)"]],
      rows: () => s.would_settle.slice(0, 15).map((w) => { const [value, low, high] = estimate_of(w); return { label: capital(outcome_text(w.observable)), value, low, high, told: interval([value, low, high]), aside: number(value) }; }),
      alt: (rows) => rows.map((x) => `${x.label}: ${x.told}`).join(". "),
      spec: (rows, width) => dots(rows, width, { x: { type: "quantitative", title: "expected information (nats)", scale: { zero: true } } }),
    }));
  if (Array.isArray(s.parameter_calibration) && s.parameter_calibration.length)
    children.push(el("div", { class: "card" }, el("h3", {}, "Are parameters found again? Checked on simulated records"),
      table([["name", "account"], ["records", "records"], ["coverage_50", "coverage of 50 % intervals"], ["coverage_90", "coverage of 90 % intervals"], ["smallest_p", "smallest p"], ["verdict", "passes"]],
        s.parameter_calibration.map((c) => ({ ...c, name: words(c.name ?? ""), verdict: c.passes ? "yes" : "no" })).map((c) => Object.fromEntries(Object.entries(c).map(([k, v]) => [k, Array.isArray(v) ? v.join(", ") : v]))))));
  section(id_of(part, "verdict"), `Verdict${suffix(part)}`, children);
}

function posteriors(part, children) {
  const some = part.posteriors.filter((x) => x.parameters.length);
  if (part.posteriors.length && !some.length) { children.push(el("p", { class: "quiet" }, "Parameters are not shown: of no account do enough trials fit the record to say anything of them. More trials may help: qantar adjudicate --trials.")); return; }
  if (!some.length) return;
  const short = (name) => words(name.split(".").slice(-2).join(" ").replace(/^parameters /, ""));
  const account = { label: "account", options: index_options(some, (x) => capital(words(x.account))) };
  const caution = (x) => `${count(x.trials, "trial")} ${x.trials === 1 ? "is" : "are"} worth ${number(x.effective_size)} equal ones${x.refusals.length ? `, so take it with care: ${x.refusals.join("; ")}` : ""}.`;
  children.push(figure({
    title: (s) => `What the record says of parameters under ${words(some[s.account].account)}`,
    note: (s) => `The nine that move most. At the dashed line the record says nothing. ${caution(some[s.account])}`,
    controls: { account }, columns: [["panel", "parameter"], ["unit", "unit"], ["prior", "prior: median [5 %, 95 %]"], ["posterior", "given the record"], ["from", "from quantile"], ["to", "to quantile"], ["density", "density relative to the prior"]],
    rows: (s) => some[s.account].parameters.flatMap((x) => x.shares.map((density, i) => ({ panel: short(x.name), unit: x.unit, prior: interval([x.prior[1], x.prior[0], x.prior[2]]), posterior: interval([x.posterior[1], x.posterior[0], x.posterior[2]]), from: i / x.shares.length, to: (i + 1) / x.shares.length, density }))),
    alt: (_, s) => some[s.account].parameters.map((x) => `${short(x.name)}${x.unit && x.unit !== "1" ? ` (${x.unit})` : ""}: from ${interval([x.prior[1], x.prior[0], x.prior[2]])} to ${interval([x.posterior[1], x.posterior[0], x.posterior[2]])}`).join(". "),
    spec: (rows, width) => marginals(rows, width),
  }));
  if (some.some((x) => x.pairs.length))
    children.push(figure({
      title: (s) => `Two parameters at a time under ${words(some[s.account].account)}`,
      note: (s) => `Darker: denser than the prior. ${caution(some[s.account])}`,
      controls: { account }, columns: [["panel", "parameters"], ["a", "first: from quantile"], ["a2", "to"], ["b", "second: from quantile"], ["b2", "to"], ["density", "density relative to the prior"]],
      rows: (s) => some[s.account].pairs.flatMap((x) => { const n = Math.round(Math.sqrt(x.cells.length)); return x.cells.map((density, i) => ({ panel: `${short(x.a)} × ${short(x.b)}`, a: Math.floor(i / n) / n, a2: (Math.floor(i / n) + 1) / n, b: (i % n) / n, b2: ((i % n) + 1) / n, density })); }),
      spec: (rows, width) => pairs(rows, width),
    }));
}

// ---- Sensitivity ----------------------------------------------------------------------------------------------------

function sensitivity(part) {
  const children = [], best = (x) => [x?.value, ...(missing(x?.bca?.[0]) ? x?.percentile ?? [] : x.bca)];
  const answers = (part.hypotheses ?? []).flatMap((h) => (h.outcomes ?? []).map((o) => ({ ...o, account: h.name })));
  const named = (a) => `${capital(outcome_text(a.outcome))}, ${words(a.account)}`;
  const of_kind = (test) => answers.filter(test);
  const sobol = of_kind((a) => a.factors?.[0]?.total), morris = of_kind((a) => a.factors?.[0]?.mu_star), grid = of_kind((a) => a.cells?.length);
  if (sobol.length)
    children.push(keyed(figure({
      title: (s) => `What it depends on: ${outcome_text(sobol[s.of].outcome)}, under ${words(sobol[s.of].account)}`,
      note: (s) => { const luck = sobol[s.of].luck_share; return `Shares of the variance of outcomes (Sobol' indices), 95 % intervals. ${luck ? `Luck makes ${interval(best(luck), percent)} of the variance of a single trial and is taken out.` : "Luck is in all indices."}`; },
      controls: { of: { label: "outcome", options: index_options(sobol, named) } },
      columns: [["label", "factor"], ["value", "total index"], ["low", "low (95 %)"], ["high", "high (95 %)"], ["other", "first-order index"]],
      rows: (s) => sobol[s.of].factors.map((f) => { const [value, low, high] = best(f.total); return { label: words(f.name), value, low, high, other: f.first?.value, told: interval([value, low, high]), aside: number(value) }; }),
      alt: (rows) => rows.map((x) => `${x.label}: ${x.told}`).join(". "),
      spec: (rows, width) => dots(rows, width, { x: { type: "quantitative", title: "share of variance" }, zero: 0 }),
    }), [["dot", blue, "total: alone and together with others"], ["diamond", orange, "first-order: alone"]]));
  if (morris.length)
    children.push(figure({
      title: (s) => `What it depends on: ${outcome_text(morris[s.of].outcome)}, under ${words(morris[s.of].account)}`,
      note: (s) => `Elementary effects (Morris): mean absolute effect of moving a factor over its range, 95 % intervals.${missing(morris[s.of].mu_star_of_luck) ? "" : ` A factor that does nothing would have ${number(morris[s.of].mu_star_of_luck)} (dashed line).`}`,
      controls: { of: { label: "outcome", options: index_options(morris, named) } },
      columns: [["label", "factor"], ["value", "mu*"], ["low", "low (95 %)"], ["high", "high (95 %)"], ["mu", "mu"], ["sigma", "sigma"]],
      rows: (s) => morris[s.of].factors.slice(0, 25).map((f) => { const [value, low, high] = best(f.mu_star); return { label: words(f.name), value, low, high, mu: f.mu?.value, sigma: f.sigma?.value, told: interval([value, low, high]), aside: number(value) }; }),
      alt: (rows) => rows.map((x) => `${x.label}: ${x.told}`).join(". "),
      spec: (rows, width, s) => dots(rows, width, { x: { type: "quantitative", title: `mu* (${morris[s.of].units && morris[s.of].units !== "1" ? morris[s.of].units : "in the outcome's unit"})`, scale: { zero: true } }, zero: morris[s.of].mu_star_of_luck ?? null }),
    }));
  if (grid.length) {
    const factors = Object.keys(grid[0].cells[0].values ?? {});
    const levels = (a, f) => [...new Set(a.cells.map((c) => c.values?.[f]))].sort((x, y) => x - y);
    const names = (a) => { const all = Object.keys(a.cells[0].values ?? {}); return all; };
    const rest = (c, all) => all.slice(2).map((f) => `${words(f)} ${number(c.values[f])}`).join(", ");
    const slices = [...new Set(grid.flatMap((a) => a.cells.map((c) => rest(c, factors))))];
    children.push(figure({
      title: (s) => `${capital(outcome_text(grid[s.of].outcome))} over ${listed(factors.slice(0, 2).map(words))}, under ${words(grid[s.of].account)}`,
      note: `Means over the trials of each combination of values. Down: ${words(factors[0] ?? "")}; across: ${words(factors[1] ?? "")}.`,
      controls: { of: { label: "outcome", options: index_options(grid, named) }, slice: { label: "where", options: slices.map((x) => [x, x]) } },
      columns: [["row", words(factors[0] ?? "factor")], ["column", words(factors[1] ?? "")], ["value", "mean"], ["error", "standard error"]],
      rows: (s) => { const a = grid[s.of], all = names(a); return a.cells.filter((c) => rest(c, factors) === s.slice || slices.length < 2).sort((x, y) => y.values[all[0]] - x.values[all[0]] || (x.values[all[1]] ?? 0) - (y.values[all[1]] ?? 0)).map((c) => ({ row: number(c.values[all[0]]), column: all.length > 1 ? number(c.values[all[1]]) : "mean", value: c.mean, error: c.standard_error, shown: number(c.mean) })); },
      spec: (rows, width) => heat(rows, width, { row: words(factors[0] ?? ""), column: words(factors[1] ?? ""), most: Math.max(1e-9, ...rows.map((r) => r.value)) }),
    }));
  }
  if (children.length) section(id_of(part, "sensitivity"), `Sensitivity${suffix(part)}`, p(part.title ?? "", " ", el("span", { class: "quiet" }, `(${base(part.file ?? part.source ?? "")})`)), children);
}

// ---- What if --------------------------------------------------------------------------------------------------------

function whatif(part) {
  const sides = [{ ...part.all, name: "all accounts" }, ...(part.hypotheses ?? [])].filter((x) => x?.outcomes?.length);
  if (!sides.length) return;
  const changes = (part.ready_made ?? []).map((w) => w.title), title = changes.length ? listed(changes) : listed((part.do ?? []).map(String));
  const is_share = (o) => o.kind === "flag" || o.kind === "time";
  const row = (o, label) => { const [value, low, high] = estimate_of(o.difference); return { label, value, low, high, was: o.as_it_was, would: o.as_it_would_be, to_yes: o.changed?.to_yes, to_no: o.changed?.to_no }; };
  const shares = sides[0].outcomes.filter(is_share), amounts = sides[0].outcomes.filter((o) => !is_share(o));
  const signed = (x, show) => (missing(x) ? "–" : `${x > 0 ? "+" : x < 0 ? "−" : ""}${show(Math.abs(x))}`);
  const points = (x) => signed(x, (y) => `${number(100 * y)}`);
  const columns = [["label", "outcome"], ["was", "as it was"], ["would", "as it would be"], ["value", "difference"], ["low", "low (95 %)"], ["high", "high (95 %)"], ["to_yes", "trials changed to yes"], ["to_no", "to no"]];
  const children = [];
  if (shares.length)
    children.push(figure({
      title: `${title}: what would happen more or less often`,
      note: "Difference in the share of trials, in percentage points, between the same trials with the same luck both ways; 95 % intervals. Right of the dashed line: more often.",
      controls: { account: { label: "account", options: index_options(sides, (x) => capital(words(x.name))) } }, columns,
      rows: (s) => sides[s.account].outcomes.filter(is_share).map((o) => row(o, capital(outcome_text(o.name)))).map((r) => ({ ...r, told: `${percent(r.was)} → ${percent(r.would)}: ${points(r.value)} [${points(r.low)}, ${points(r.high)}] points`, aside: points(r.value) })),
      alt: (rows) => rows.map((x) => `${x.label}: ${x.told}`).join(". "),
      spec: (rows, width) => dots(rows, width, { x: { type: "quantitative", title: "difference in share of trials (percentage points)", axis: { labelExpr: "format(100 * datum.value, '+')", tickCount: 6 } }, zero: 0 }),
    }));
  if (amounts.length)
    children.push(figure({
      title: (s) => `${title}: ${outcome_text(s.outcome)}`,
      note: "Difference of means between the same trials with the same luck both ways; 95 % intervals.",
      controls: { outcome: { label: "outcome", options: amounts.map((o) => [o.name, capital(outcome_text(o.name))]), value: (amounts.find((o) => o.name === "deaths") ?? amounts[0]).name } },
      columns: columns.map(([f, t]) => [f, f === "label" ? "account" : t]).slice(0, 6),
      rows: (s) => sides.map((x) => [x, x.outcomes.find((o) => o.name === s.outcome)]).filter(([, o]) => o).map(([x, o]) => row(o, capital(words(x.name)))).map((r) => ({ ...r, told: `${number(r.was)} → ${number(r.would)}: ${signed(r.value, number)} [${signed(r.low, number)}, ${signed(r.high, number)}]`, aside: signed(r.value, number) })),
      alt: (rows) => rows.map((x) => `${x.label}: ${x.told}`).join(". "),
      spec: (rows, width, s) => dots(rows, width, { x: { type: "quantitative", title: `difference in ${outcome_text(s.outcome)}`, axis: { tickCount: 6 } }, zero: 0 }),
    }));
  section(id_of(part, "whatif"), `What if${kinds("whatif").length > 1 ? `: ${title}` : ""}`, (part.ready_made ?? []).map((w) => p(el("strong", {}, `${w.title}. `), w.text ?? "")), changes.length ? null : p(`Changed: ${title}.`),
    el("p", { class: "quiet" }, part.caution ?? ""), children);
}

// ---- Limits ---------------------------------------------------------------------------------------------------------

function limits() {
  const l = read("licences");
  const missing_list = data.left_out.length ? el("div", { class: "card" }, el("h3", {}, "What is not on this page"), el("ul", {}, data.left_out.map((x) => el("li", {}, capital(x.what), ": ", el("code", {}, x.how))))) : null;
  section("limits", "Limits and sources",
    el("ul", {},
      [["Who did what. ", "Agents are offices and organisations, never persons. A run may say that a configuration fits the sequence better or worse; it cannot say that there was such an order, or who gave it."],
       ["Truth from fit. ", "That an account reproduces the sequence supports it only as far as the others fail to."],
       ["Claims. ", "Official claims and allegations are data about what was said, and by whom. They are never evidence and never scored."],
       ["Inputs. ", "What sets the crisis off, populations and forces are given. Rows marked input driven are shown and never counted."],
       ["The future. ", "This is a tool for understanding past crises."]].map(([a, b]) => el("li", {}, el("strong", {}, a), b))),
    missing_list,
    el("details", { class: "more card" }, el("summary", {}, "Map data, libraries and their licences"),
      p("Borders: Natural Earth (public domain), by way of world-atlas. They are shown for orientation and are no statement on any border. Charts: Vega, Vega-Lite and Vega-Embed of the University of Washington Interactive Data Lab, drawn in this page without a network."),
      table([["name", "package"], ["version", "version"], ["licence", "licence"], ["copyright", "copyright"]], l.all),
      Object.entries(l.texts).map(([name, text]) => el("details", { class: "more" }, el("summary", {}, `The text of ${name}`), el("p", { style: "white-space: pre-wrap", class: "note" }, text)))));
  document.getElementById("foot").append(p(`Made by ${data.made_by}. One file; it needs no network and sends nothing.`));
}

// ---- All together ---------------------------------------------------------------------------------------------------

function follow_sections() {
  const links = new Map([...nav.querySelectorAll("a")].map((a) => [a.getAttribute("href").slice(1), a]));
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) {
      for (const a of links.values()) a.removeAttribute("aria-current");
      links.get(entry.target.id)?.setAttribute("aria-current", "true");
    }
  }, { rootMargin: "-10% 0px -80% 0px" });
  for (const id of links.keys()) seen.observe(document.getElementById(id));
}

document.body.append(el("div", { id: "print-colours" }));
document.getElementById("nav").append(nav);
head();
for (const part of data.parts) if (part.clock) part.time = new PartClock(part.clock, part.classic);
const described = data.parts.filter((part) => part.run);
if (described.length) section("made", "What was run", described.map(made));
for (const part of kinds("run")) {
  if (part.outcomes?.length) outcomes(part);
  if (part.record?.events?.length) record(part);
  if (part.map) place_map(part);
  if (part.fans?.length) courses(part);
  if (part.stances || part.trials?.length) elite(part);
  story(part);
}
for (const part of kinds("adjudication")) adjudication(part);
for (const part of kinds("sensitivity")) sensitivity(part);
for (const part of kinds("whatif")) whatif(part);
limits();
follow_sections();
draw_all();
