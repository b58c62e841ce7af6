function head() {
  const first = data.parts.find((part) => part.run) ?? data.parts[0] ?? {};
  const title = first.run?.title || first.title || "Report";
  document.title = `${title} – Qantar report`;
  const runs = data.parts.filter((part) => part.run);
  const facts = [];
  const accounts = new Set(runs.flatMap((part) => part.accounts.map((a) => a.name)));
  const trials = kinds("run").flatMap((part) => part.accounts).reduce((sum, a) => sum + a.trials, 0);
  if (accounts.size)
    facts.push([whole.format(accounts.size), accounts.size === 1 ? "rival account" : "rival accounts"]);
  if (kinds("run").length) facts.push([whole.format(trials), "simulated trials"]);
  const events = kinds("run").flatMap((part) => part.record?.events ?? []).length || 0;
  if (events) facts.push([whole.format(events), "documented rows compared"]);
  const verdict = kinds("adjudication")[0]?.summary?.verdict;
  if (verdict) facts.push([capital(words(verdict)), "verdict"]);
  document.getElementById("head").append(
      el("p", {class: "kind"}, "Qantar report"), el("h1", {}, title),
      el("p", {class: "lead"},
         "What rival accounts of a crisis imply when they are run as simulations, and how that compares with what is documented. Not what happened, and not who did what."),
      el("ul", {class: "facts"}, facts.map(([n, text]) => el("li", {}, el("b", {}, n), el("span", {}, text)))));
}
