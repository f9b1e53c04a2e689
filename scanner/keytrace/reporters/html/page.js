"use strict";
/* Moves the cards that the page has about. Nothing here makes markup of text: elements are made, text is put into them. */
(() => {
const byId = (id) => document.getElementById(id);
const data = JSON.parse(byId("data").textContent);
const main = byId("findings");
const SEVERITIES = data.severities;
const PAGE = 30; // cards that are drawn at once
const MOST = 300e6; // bytes of an older report

function make(tag, text, more = {}, ...children) {
  const element = Object.assign(document.createElement(tag), more);
  element.append(...(text === "" ? [] : [text]), ...children);
  return element;
}

// What comes of another file may hold characters that cannot be seen, or that turn others around.
const printable = (text) => String(text).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (char) => `\\u{${char.codePointAt(0).toString(16)}}`);
const counted = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

// --- what there is: findings of the page, and those of an older report that are gone ---

const cards = main.querySelectorAll("article");
const findings = data.findings.map(([fingerprint, severity, rule, path, line, key, owner, suppressed, live], number) => ({
  fingerprint, severity, line, card: cards[number], text: "", change: "",
  rule: data.rules[rule][0], name: data.rules[rule][1], path: data.paths[path],
  key: key ? `Key ${key}` : "", label: key ? data.keys[key] : "",
  owner: data.owners[owner], live, state: suppressed ? "suppressed" : "active",
}));
let gone = [];
const NAMES = new Map(data.rules);

function textOf(finding) {
  return finding.text ||= `${finding.card.textContent} ${finding.owner} ${finding.key}`.toLowerCase();
}

// --- what is chosen ---

const FACETS = { // by which findings are chosen, and how what they have is called
  rule: { title: "Rule", of: (one) => one.rule, shown: (value) => NAMES.get(value) || value },
  path: { title: "File", of: (one) => one.path, shown: (value) => value },
  key: { title: "Key", of: (one) => one.key, shown: (value) => `${value} ${labels.get(value) || ""}` },
  owner: { title: "Owner", of: (one) => one.owner, shown: (value) => value || "nobody" },
  live: { title: "Live", of: (one) => one.live, shown: (value) => value },
};
const labels = new Map(findings.map((one) => [one.key, one.label]));
const GROUPS = {
  severity: (one) => (one.state === "suppressed" ? "Suppressed" : capital(SEVERITIES[one.severity])),
  rule: (one) => `${FACETS.rule.shown(one.rule)}`,
  file: (one) => one.path,
  key: (one) => (one.key ? FACETS.key.shown(one.key) : "Without a key of their own"),
  owner: (one) => FACETS.owner.shown(one.owner),
  nothing: () => "",
};
const STATES = {
  active: (one) => one.state === "active",
  suppressed: (one) => one.state === "suppressed",
  all: (one) => one.state !== "gone",
  new: (one) => one.change === "new",
  unchanged: (one) => one.change === "unchanged",
  gone: (one) => one.state === "gone",
};
const wanted = { q: "", group: "severity", show: "active", severity: new Set() };
const controls = {};

const capital = (word) => word[0].toUpperCase() + word.slice(1);

function chosen() {
  const words = wanted.q.toLowerCase().split(/\s+/).filter(Boolean);
  const facets = Object.entries(FACETS).filter(([name]) => wanted[name] !== undefined);
  const isShown = STATES[wanted.show];
  return [...findings, ...gone].filter((one) =>
    isShown(one)
    && (!wanted.severity.size || wanted.severity.has(SEVERITIES[one.severity]))
    && facets.every(([name, facet]) => facet.of(one) === wanted[name])
    && words.every((word) => textOf(one).includes(word)));
}

function grouped(list) {
  const groups = new Map();
  for (const one of list) {
    const name = GROUPS[wanted.group](one);
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(one);
  }
  const worst = (group) => Math.max(...group.slice(0, 1000).map((one) => one.severity));
  const entries = [...groups].map(([name, group]) => [name, group, worst(group)]);
  if (wanted.group !== "severity") entries.sort((a, b) => b[2] - a[2] || b[1].length - a[1].length);
  return entries;
}

// --- drawing: as many cards as are looked at ---

let waiting = []; // headings and findings that are not drawn yet
const foot = make("button", "", { type: "button", onclick: () => draw(PAGE) });
const observer = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && draw(PAGE), { rootMargin: "1200px" });
observer.observe(foot);

function show() {
  const list = chosen();
  waiting = grouped(list).flatMap(([name, group]) => (name ? [{ heading: name, size: group.length }, ...group] : group));
  main.replaceChildren(foot);
  draw(PAGE);
  const all = [...findings, ...gone].filter(STATES[wanted.show]).length;
  const text = make("span", list.length === all ? counted(all, "finding") : `${list.length.toLocaleString("en")} of ${counted(all, "finding")}`);
  const clear = make("button", "Clear the filters", { type: "button", onclick: () => { reset(); show(); } });
  byId("status").replaceChildren(text, ...(isFiltered() ? [clear] : []), picker);
  if (!list.length) main.prepend(make("p", findings.length ? "Nothing fits these filters." : "Nothing was found."));
  settle();
}

function draw(number) {
  foot.before(...waiting.splice(0, number).map(drawn));
  foot.hidden = !waiting.length;
  foot.textContent = "Show more";
  if (waiting.length) { observer.unobserve(foot); observer.observe(foot); } // it may still be in sight
}

function drawn(one) {
  if (one.heading) return make("h2", `${one.heading} `, {}, make("span", one.size.toLocaleString("en")));
  if (!one.dressed) dress(one);
  return one.card;
}

// What the rule says is written once in the page; a card gets its own copy when somebody opens it.
function dress(one) {
  one.dressed = true;
  const rule = byId(`rule-${one.rule}`);
  if (!rule || one.state === "gone") return;
  let details = one.card.querySelector("details");
  if (!details) one.card.querySelector(".facts").before(details = make("details", "", {}, make("summary", "")));
  details.firstElementChild.textContent = one.card.querySelector(".evidence") ? "Why, and what to do" : "What to do";
  details.addEventListener("toggle", () => details.append(rule.querySelector("dl").cloneNode(true)), { once: true });
}

const isFiltered = () => wanted.q || wanted.severity.size || wanted.show !== "active" || Object.keys(FACETS).some((name) => wanted[name] !== undefined);

function reset() {
  wanted.q = "";
  wanted.show = "active";
  wanted.severity.clear();
  for (const name of Object.keys(FACETS)) delete wanted[name];
}

// --- the controls say what is chosen, and so does the address ---

function select(name, title, options, apply) {
  const field = make("select", "", { onchange: () => { apply(field.value); show(); } });
  field.append(...options.map(([value, text]) => new Option(text, value)));
  byId("choices").append(make("label", title, {}, field));
  return controls[name] = field;
}

function facet(name) {
  const { title, of, shown } = FACETS[name];
  const numbers = new Map();
  for (const one of findings) if (of(one) || name === "owner") numbers.set(of(one), (numbers.get(of(one)) || 0) + 1);
  if (numbers.size < 2) return;
  if (name === "key") for (const [value, number] of numbers) if (number === 1) numbers.delete(value); // nothing to choose
  const options = [...numbers].map(([value, number]) => [`=${value}`, `${shown(value)} (${number})`]);
  if (name === "path") options.sort((a, b) => (a[0] < b[0] ? -1 : 1));
  select(name, title, [["", "any"], ...options], (value) => {
    if (value) wanted[name] = value.slice(1); else delete wanted[name];
  });
}

function settle() {
  for (const button of document.querySelectorAll("#levels button")) button.setAttribute("aria-pressed", wanted.severity.has(button.value));
  for (const button of document.querySelectorAll("#older button[value]")) button.setAttribute("aria-pressed", wanted.show === button.value);
  controls.group.value = wanted.group;
  if (controls.show) {
    controls.show.value = wanted.show;
    controls.show.parentElement.hidden = Boolean(older);
  }
  for (const name of Object.keys(FACETS)) {
    const field = controls[name];
    if (!field) continue;
    field.value = wanted[name] === undefined ? "" : `=${wanted[name]}`;
    field.classList.toggle("chosen", wanted[name] !== undefined);
  }
  if (byId("query").value !== wanted.q) byId("query").value = wanted.q;
  const said = new URLSearchParams();
  for (const name of ["q", ...Object.keys(FACETS)]) if (wanted[name]) said.set(name, wanted[name]);
  if (wanted.severity.size) said.set("severity", [...wanted.severity].join(" "));
  if (wanted.group !== "severity") said.set("group", wanted.group);
  if (wanted.show !== "active" && !older) said.set("show", wanted.show);
  const hash = said.size ? `#?${said}` : "";
  if (hash !== location.hash && (hash || location.hash.startsWith("#?"))) {
    try { history.replaceState(null, "", hash || location.pathname + location.search); } catch { /* of a file in some browsers */ }
  }
}

function follow() {
  const hash = location.hash.slice(1); // of ids, which need no escapes, or of parameters, which undo their own
  if (hash.startsWith("?")) {
    const said = new URLSearchParams(hash.slice(1));
    reset();
    for (const name of ["q", ...Object.keys(FACETS)]) if (said.has(name)) wanted[name] = said.get(name);
    if (Object.hasOwn(GROUPS, said.get("group"))) wanted.group = said.get("group");
    if (Object.hasOwn(STATES, said.get("show"))) wanted.show = said.get("show");
    wanted.severity = new Set((said.get("severity") || "").split(" ").filter((word) => SEVERITIES.includes(word)));
    show();
  } else if (hash) reveal(findings.find((one) => one.card.id === hash), byId(hash));
}

function reveal(finding, place) {
  if (finding) {
    if (!chosen().includes(finding)) { reset(); wanted.show = finding.state; show(); }
    if (!finding.card.isConnected) draw(waiting.indexOf(finding) + PAGE);
    document.querySelector(".here")?.classList.remove("here");
    finding.card.classList.add("here");
    finding.card.scrollIntoView({ block: "center" });
    finding.card.focus({ preventScroll: true });
  } else if (place) {
    if (place.tagName === "DETAILS") place.open = true;
    place.scrollIntoView();
  }
}

// --- an older report ---

let older = null;
const file = make("input", "", { type: "file", accept: ".json,.jsonl,.ndjson,.html", hidden: true, onchange: () => file.files[0] && compare(file.files[0]) });
const picker = make("button", "Compare with an older report", { type: "button", onclick: () => file.click() });

function read(text) {
  const held = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(text);
  if (held) return rowsOf(JSON.parse(held[1]));
  let document_;
  try {
    document_ = JSON.parse(text);
  } catch {
    const lines = text.split("\n").filter(Boolean).map((line) => JSON.parse(line));
    document_ = { tool: lines.at(-1).tool, findings: lines.filter((line) => line.type === "finding") };
  }
  if (document_.tool?.name !== "keytrace" || !Array.isArray(document_.findings)) throw new Error("none of keytrace");
  return document_.findings.filter((one) => !one.suppression).map((one) => ({
    fingerprint: String(one.fingerprint), severity: Math.max(0, SEVERITIES.indexOf(one.severity)), rule: printable(one.rule),
    name: printable(one.name), path: printable(one.path), line: Number(one.start_line),
  }));
}

function rowsOf(index) {
  if (index.format !== data.format) throw new Error("another version");
  return index.findings.filter((row) => !row[7]).map(([fingerprint, severity, rule, path, line]) => ({
    fingerprint: String(fingerprint), severity: Number(severity), rule: printable(index.rules[rule][0]),
    name: printable(index.rules[rule][1]), path: printable(index.paths[path]), line: Number(line),
  }));
}

async function compare(chosenFile) {
  let rows;
  try {
    if (chosenFile.size > MOST) throw new Error("too large");
    rows = read(await chosenFile.text());
  } catch {
    tell(`${printable(chosenFile.name)} is no report of keytrace that can be compared: take one of -f json, jsonl or html.`);
    return;
  }
  const before = Map.groupBy ? Map.groupBy(rows, (row) => row.fingerprint) : rows.reduce((all, row) =>
    all.set(row.fingerprint, [...(all.get(row.fingerprint) || []), row]), new Map());
  for (const one of findings) {
    one.change = one.state !== "active" ? "" : before.get(one.fingerprint)?.pop() ? "unchanged" : "new";
    one.card.querySelector(".new")?.remove();
    if (one.change === "new") one.card.querySelector("h3 > a").before(make("span", "new", { className: "badge new" }));
    one.text = "";
  }
  const accepted = new Set(findings.filter((one) => one.state === "suppressed").map((one) => one.fingerprint));
  gone = [...before.values()].flat().map((row) => goneOf(row, accepted.has(row.fingerprint)));
  gone.sort((a, b) => b.severity - a.severity);
  for (const one of gone) if (!NAMES.has(one.rule)) NAMES.set(one.rule, one.name);
  older = printable(chosenFile.name);
  reset();
  const number = (name) => [...findings, ...gone].filter(STATES[name]).length;
  wanted.show = number("new") ? "new" : number("gone") ? "gone" : "unchanged";
  const choice = (name) => make("button", `${number(name).toLocaleString("en")} ${name}`, { type: "button", value: name, onclick: () => { wanted.show = name; show(); } });
  tell(`Compared with ${older}:`, choice("new"), choice("gone"), choice("unchanged"),
    make("button", "Stop comparing", { type: "button", onclick: stopComparing }));
  show();
}

function goneOf(row, isAccepted) {
  const card = make("article", "", { className: "gone", tabIndex: -1 },
    make("h3", "", {}, make("b", SEVERITIES[row.severity]), ` ${row.name} `, make("span", "gone", { className: "badge" }),
      make("a", "", {}, make("code", `${row.path}:${row.line}`))),
    make("p", isAccepted ? "It is still there, but suppressed." : "It is not reported any more.", { className: "facts" }));
  return { ...row, card, text: "", change: "gone", state: "gone", key: "", label: "", owner: "", live: "", dressed: false };
}

function stopComparing() {
  for (const one of findings) { one.change = ""; one.text = ""; one.card.querySelector(".new")?.remove(); }
  gone = [];
  older = null;
  byId("older").hidden = true;
  reset();
  show();
}

function tell(text, ...buttons) {
  byId("older").replaceChildren(make("span", text), ...buttons);
  byId("older").hidden = false;
}

// --- the beginning ---

function begin() {
  for (const item of document.querySelectorAll("#levels li")) {
    const name = item.className;
    const toggle = () => { if (!wanted.severity.delete(name)) wanted.severity.add(name); show(); };
    const button = make("button", "", { type: "button", value: name, onclick: toggle });
    button.append(...item.childNodes);
    item.replaceChildren(button);
  }
  const owned = findings.some((one) => one.owner);
  const groups = Object.keys(GROUPS).filter((name) => name !== "owner" || owned);
  select("group", "Group by", groups.map((name) => [name, name]), (value) => { wanted.group = value; });
  for (const name of Object.keys(FACETS)) if (name !== "owner" || owned) facet(name);
  if (findings.some(STATES.suppressed))
    select("show", "Show", [["active", "active"], ["suppressed", "suppressed"], ["all", "both"]], (value) => { wanted.show = value; });
  const query = byId("query");
  query.oninput = () => { wanted.q = query.value; show(); };
  byId("tools").onsubmit = (event) => event.preventDefault();
  byId("tools").append(file);
  byId("tools").hidden = false;
  main.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#key-"]');
    if (!link) return;
    event.preventDefault();
    reset();
    wanted.key = `Key ${link.hash.slice(5)}`;
    wanted.group = "file";
    show();
    scrollTo({ top: byId("tools").offsetTop });
  });
  addEventListener("hashchange", follow);
  addEventListener("beforeprint", () => draw(waiting.length));
  addEventListener("keydown", (event) => keyed(event, query));
  dropping();
  if (!location.hash.startsWith("#?")) show();
  follow();
  setTimeout(() => findings.forEach(textOf), 200); // so that the first search need not wait for it
}

function keyed(event, query) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && document.activeElement === query) { wanted.q = ""; show(); query.blur(); return; }
  if (/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName)) return;
  if (event.key === "/") { event.preventDefault(); query.focus(); }
  if (event.key !== "j" && event.key !== "k") return;
  const there = [...main.querySelectorAll("article")];
  const at = there.indexOf(document.activeElement?.closest("article")) + (event.key === "j" ? 1 : -1);
  reveal([...findings, ...gone].find((one) => one.card === there[Math.max(at, 0)]));
}

function dropping() {
  const isFile = (event) => event.dataTransfer?.types.includes("Files");
  const mark = (on) => document.body.classList.toggle("dropping", on);
  addEventListener("dragover", (event) => { if (isFile(event)) { event.preventDefault(); mark(true); } });
  addEventListener("dragleave", (event) => { if (!event.relatedTarget) mark(false); });
  addEventListener("drop", (event) => {
    if (!isFile(event)) return;
    event.preventDefault();
    mark(false);
    if (event.dataTransfer.files[0]) compare(event.dataTransfer.files[0]);
  });
}

begin();
})();
