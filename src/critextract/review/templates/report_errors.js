// The errors: filters whose counts follow each other, search, pages, one error by its address.

const FACETS = ["task", "kind", "label", "doc"];
const TITLES = { task: "Task", kind: "Kind of error", label: "Label", doc: "Document" };
const NAMES = { task: data.tasks, kind: data.kinds, label: data.labels, doc: documents.map((one) => one.id) };
const MANY = 25; // values from which a facet has a field to find one
const MOST = 250; // values of a facet that are shown at once
const RULES = new Set(["rules.own", "rules.whole", "called exact"]);

const labelOf = (index) => (index < 0 ? -1 : data.items[index][0]);
const errors = data.errors.map(([task, doc, kinds, gold, pred]) => ({
  task: [task], doc: [doc], kind: kinds, gold, pred,
  label: Array.from(new Set([labelOf(gold), labelOf(pred)])).filter((label) => label >= 0),
}));
const numbers = Object.fromEntries(FACETS.map((facet) => [facet, new Map(NAMES[facet].map((name, n) => [name, n]))]));

const state = { picked: {}, query: "", pair: null, page: 1, size: 25, shown: [] };
for (const facet of FACETS) state.picked[facet] = new Set();
const rows = Object.fromEntries(FACETS.map((facet) => [facet, new Map()]));

// --- which errors -----------------------------------------------------------------------------

const hays = [];

/** Return all that an error can be found by. */
function hay(n) {
  if (hays[n] === undefined) {
    const error = errors[n];
    const file = documents[error.doc[0]];
    const items = [itemOf(error.gold, file), itemOf(error.pred, file)].filter(Boolean);
    const [from, to] = around(file.text, items.flatMap((item) => item.places));
    const said = items.flatMap((item) => [item.label, item.words, item.criterion, ...Object.values(item.slots)]);
    const kinds = error.kind.map((kind) => data.kinds[kind]);
    hays[n] = [file.id, file.text.slice(from, to), ...said, ...kinds].join("\n").toLowerCase().replace(/\s+/g, " ");
  }
  return hays[n];
}

/** Return the words of a query; what stands in quotes is one. */
function terms(query) {
  const found = query.toLowerCase().matchAll(/["“”]([^"“”]*)["“”]|[^\s"“”]+/g);
  return Array.from(found, (match) => (match[1] ?? match[0]).trim().replace(/\s+/g, " ")).filter(Boolean);
}

const holds = (picked, values) => !picked.size || values.some((value) => picked.has(value));
const inPair = (error) => !state.pair
  || (labelOf(error.gold) === state.pair[0] && labelOf(error.pred) === state.pair[1]);

/**
 * Find the errors to show, and count what each value of a facet would show: an error counts for a
 * facet when all the other filters let it pass.
 */
function select() {
  const words = terms(state.query);
  const counts = Object.fromEntries(FACETS.map((facet) => [facet, new Array(NAMES[facet].length).fill(0)]));
  state.shown = [];
  errors.forEach((error, n) => {
    const failed = FACETS.filter((facet) => !holds(state.picked[facet], error[facet]));
    if (failed.length > 1 || !inPair(error)) return;
    if (words.length && !words.every((word) => hay(n).includes(word))) return;
    if (!failed.length) state.shown.push(n);
    for (const facet of failed.length ? failed : FACETS) {
      for (const value of error[facet]) counts[facet][value] += 1;
    }
  });
  return counts;
}

// --- filters ----------------------------------------------------------------------------------

const totals = Object.fromEntries(FACETS.map((facet) => [facet, new Array(NAMES[facet].length).fill(0)]));
for (const error of errors) for (const facet of FACETS) for (const value of error[facet]) totals[facet][value] += 1;
const orders = Object.fromEntries(FACETS.map((facet) => {
  const order = totals[facet].map((_, value) => value);
  if (facet !== "task") order.sort((a, b) => totals[facet][b] - totals[facet][a] || a - b);
  return [facet, order];
}));

function facetRow(facet, value) {
  if (!rows[facet].has(value)) {
    const box = make("input", {
      type: "checkbox", "data-facet": facet, "data-value": NAMES[facet][value],
      on: { change: () => {
        if (box.checked) state.picked[facet].add(value); else state.picked[facet].delete(value);
        update();
      } },
    });
    const count = make("output");
    const row = make("label", { class: "value" }, box, make("span", { dir: "auto" }, NAMES[facet][value]), count);
    rows[facet].set(value, { row, box, count });
  }
  return rows[facet].get(value);
}

function facets() {
  for (const facet of FACETS) {
    const narrow = NAMES[facet].length > MANY
      ? make("input", { class: "narrow", type: "search", "aria-label": `Find a ${TITLES[facet].toLowerCase()}`, placeholder: "find …", on: { input: () => update(false) } })
      : null;
    $("#facets").append(make("fieldset", { id: `facet-${facet}` }, make("legend", {}, TITLES[facet]), narrow, make("div", { class: "values" }), make("div", { class: "rest" })));
  }
}

function showFacet(facet, counts) {
  const picked = state.picked[facet];
  const part = ($(`#facet-${facet} .narrow`)?.value ?? "").trim().toLowerCase();
  const fits = orders[facet].filter((value) => picked.has(value)
    || (counts[value] && (!part || String(NAMES[facet][value]).toLowerCase().includes(part))));
  const focus = document.activeElement;
  const list = fits.slice(0, MOST).map((value) => {
    const { row, box, count } = facetRow(facet, value);
    box.checked = picked.has(value);
    count.textContent = number.format(counts[value]);
    row.classList.toggle("zero", !counts[value]);
    return row;
  });
  $(`#facet-${facet} .values`).replaceChildren(...list);
  if (focus?.dataset.facet === facet) focus.focus({ preventScroll: true });
  $(`#facet-${facet} .rest`).textContent = fits.length > MOST ? `and ${number.format(fits.length - MOST)} more; find them above` : "";
}

function chip(text, remove, extra = "") {
  return make("button", { type: "button", class: extra, on: { click: () => { remove(); update(); } } }, make("bdi", {}, text));
}

function clear() {
  for (const facet of FACETS) state.picked[facet].clear();
  state.query = "";
  state.pair = null;
  $("#search").value = "";
}

function showChips() {
  const chips = FACETS.flatMap((facet) => Array.from(state.picked[facet], (value) => chip(`${TITLES[facet].toLowerCase()}: ${NAMES[facet][value]}`, () => state.picked[facet].delete(value))));
  if (state.pair) {
    const [gold, pred] = state.pair.map((label) => (label < 0 ? "nothing" : data.labels[label]));
    chips.push(chip(`gold ${gold}, predicted ${pred}`, () => { state.pair = null; }));
  }
  if (state.query) chips.push(chip(`“${state.query}”`, () => { state.query = ""; $("#search").value = ""; }));
  if (chips.length > 1) chips.push(chip("clear all", clear, "all"));
  $("#chips").replaceChildren(...chips);
}

// --- one error --------------------------------------------------------------------------------

const slot = (item, name) => item?.slots[name] ?? null;

/** Return the slots of both sides beside each other, or in a line where there is one side only. */
function slotTable(gold, pred, task) {
  if (RULES.has(task)) return null;
  const names = Object.keys((gold ?? pred).slots).filter((name) => name !== "place" && (slot(gold, name) ?? slot(pred, name)) !== null);
  if (!names.length) return null;
  const title = (name) => name.replaceAll("_", " ");
  if (!gold || !pred) {
    const facts = names.map((name) => make("span", {}, make("span", {}, title(name)), make("bdi", {}, slot(gold ?? pred, name))));
    return make("p", { class: "facts" }, ...facts);
  }
  const cell = (item, name) => {
    const empty = slot(item, name) === null;
    return make("td", { class: empty ? "empty" : false }, make("bdi", {}, empty ? "–" : slot(item, name)));
  };
  const head = (...content) => make("th", { scope: "col" }, ...content);
  return make("table", { class: "slots" },
    make("thead", {}, make("tr", {}, head("slot"), head(make("span", { class: "key gold" }, "gold")), head(make("span", { class: "key pred" }, "prediction")))),
    make("tbody", {}, ...names.map((name) => {
      const differs = slot(gold, name) !== slot(pred, name);
      return make("tr", { class: differs ? "differs" : false }, make("th", { scope: "row" }, title(name)), cell(gold, name), cell(pred, name));
    })));
}

function ruleOf(side, item, id, task) {
  if (!item) return "no criterion with a rule here";
  const english = data.rules[side]?.[`${id}/${item.criterion}`];
  if (!english) return item.slots.rule ?? "no rule";
  return task === "rules.own" ? english[0] : english[english.length - 1];
}

function rulePair(gold, pred, id, task) {
  if (!RULES.has(task)) return null;
  const status = (item) => (slot(item, "status") ? `, ${slot(item, "status").replaceAll("_", " ")}` : "");
  const part = (side, item, title) => make("div", { class: side }, make("h4", {}, title + status(item)), make("pre", {}, ruleOf(side, item, id, task)));
  return make("div", { class: "two" }, part("gold", gold, "gold’s rule"), part("pred", pred, "predicted rule"));
}

function typesOf(gold, pred) {
  if (gold && pred) return gold.label === pred.label ? gold.label : `${gold.label} → ${pred.label}`;
  return (gold ?? pred).label;
}

/** Return the card of an error: its kinds, its words with both sides marked, slots and rules. */
function card(n) {
  const error = errors[n];
  const file = documents[error.doc[0]];
  const [gold, pred] = [itemOf(error.gold, file), itemOf(error.pred, file)];
  const task = data.tasks[error.task[0]];
  const marks = marksOf(gold, pred);
  const [from, to] = around(file.text, marks);
  const where = [file.id, (gold ?? pred).criterion].filter(Boolean).join(" · ");
  return make("article", { class: "error", "data-error": n, "aria-label": `Error ${n + 1}` },
    make("header", {},
      ...error.kind.map((kind) => make("span", { class: "kind" }, data.kinds[kind].replaceAll("_", " "))),
      make("span", { class: "types" }, typesOf(gold, pred)),
      make("span", {}, task),
      make("span", { class: "where" }, make("bdi", {}, where), " ", make("a", { href: `#e=${n + 1}`, "aria-label": `Open error ${n + 1} in its document` }, `#${n + 1}`))),
    make("p", { class: "said", dir: "auto", "aria-description": `gold: ${gold?.words ?? "nothing"}; prediction: ${pred?.words ?? "nothing"}` },
      from > 0 && file.text[from - 1] !== "\n" ? make("span", { class: "cut" }, "… ") : null,
      ...marked(file.text, from, to, marks),
      to < file.text.length && file.text[to] !== "\n" ? make("span", { class: "cut" }, " …") : null),
    slotTable(gold, pred, task),
    rulePair(gold, pred, file.id, task));
}

/** Return the whole text of an error's document; other errors of its task are underlined. */
function wholeText(n) {
  const error = errors[n];
  const file = documents[error.doc[0]];
  const marks = marksOf(itemOf(error.gold, file), itemOf(error.pred, file));
  errors.forEach((other, m) => {
    if (m === n || other.doc[0] !== error.doc[0] || other.task[0] !== error.task[0]) return;
    for (const item of [itemOf(other.gold, file), itemOf(other.pred, file)]) {
      if (item) marks.push(...item.places.map((place) => [...place, "other"]));
    }
  });
  return make("p", { class: "said whole", dir: "auto" }, ...marked(file.text, 0, file.text.length, marks));
}

function openError(n) {
  const list = state.shown.includes(n) ? state.shown : errors.map((_, m) => m);
  const place = list.indexOf(n);
  const go = (text, step) => make("button", { type: "button", "data-step": step, disabled: list[place + step] === undefined, on: { click: () => { location.hash = `e=${list[place + step] + 1}`; } } }, text);
  const close = make("button", { type: "button", on: { click: () => $("#one").close() } }, "Close");
  const text = wholeText(n);
  const find = make("button", { type: "button", class: "quiet", on: { click: () => $("mark", text)?.scrollIntoView({ block: "center" }) } }, "Go to the words");
  $("#one .sheet").replaceChildren(
    make("header", {}, make("h2", { id: "one-title" }, `Error ${number.format(n + 1)}: ${number.format(place + 1)} of ${number.format(list.length)} in the list`), go("← Previous", -1), go("Next →", 1), close),
    card(n), make("h3", {}, "In its document", find), text);
  if (!$("#one").open) $("#one").showModal();
  close.focus();
  $("#one").scrollTop = 0;
}

function dialogKeys(event) {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (step) $(`#one [data-step="${step}"]`).click();
}

// --- list, pages, address -----------------------------------------------------------------------

function turn(by, label, place) {
  state.page += by;
  showList();
  writeAddress();
  const buttons = $$("button:not(:disabled)", $$("[data-pager]")[place]);
  const again = buttons.find((one) => one.getAttribute("aria-label") === label) ?? buttons[0];
  $("#found").scrollIntoView({ block: "center" });
  again?.focus({ preventScroll: true });
}

/** Return the buttons between pages; place: above the list, 0, or below it, 1. */
function pager(pages, place) {
  const step = (text, by, label) => make("button", {
    type: "button", "aria-label": label, disabled: state.page + by < 1 || state.page + by > pages,
    on: { click: () => turn(by, label, place) },
  }, text);
  const page = make("span", {}, `page ${number.format(state.page)} of ${number.format(pages)}`);
  return [step("←", -1, "Previous page"), page, step("→", 1, "Next page")];
}

function showList() {
  const pages = Math.max(1, Math.ceil(state.shown.length / state.size));
  state.page = Math.min(Math.max(1, state.page), pages);
  const first = (state.page - 1) * state.size;
  const part = state.shown.slice(first, first + state.size);
  const some = state.shown.length < errors.length ? ` of ${number.format(errors.length)}` : "";
  const printed = part.length < state.shown.length ? `; printed: ${first + 1} to ${first + part.length}` : "";
  $("#found").replaceChildren(`${plural(state.shown.length, "error")}${some}`, make("span", { class: "printed" }, printed));
  $("#list").replaceChildren(...part.map((n) => make("li", {}, card(n))));
  if (!part.length) $("#list").append(make("li", { class: "nothing" }, errors.length ? "No error fits all of these filters." : "There are no errors."));
  $$("[data-pager]").forEach((one, place) => one.replaceChildren(...(pages > 1 ? pager(pages, place) : [])));
}

function address() {
  const said = new URLSearchParams();
  for (const facet of FACETS) for (const value of state.picked[facet]) said.append(facet, NAMES[facet][value]);
  if (state.pair) ["gold", "pred"].forEach((side, n) => said.set(side, state.pair[n] < 0 ? "" : data.labels[state.pair[n]]));
  if (state.query) said.set("q", state.query);
  if (state.page > 1) said.set("page", state.page);
  return said.toString();
}

function writeAddress() {
  const said = address();
  history.replaceState(null, "", said ? `#${said}` : "#errors");
}

/** Take filters, or the one error to open, from the address: ``#task=values&kind=unit``, ``#e=7``. */
function readAddress() {
  if (!location.hash.includes("=")) {
    openTarget();
    return;
  }
  const said = new URLSearchParams(location.hash.slice(1));
  if (said.has("e")) {
    const n = Number(said.get("e")) - 1;
    if (errors[n]) openError(n);
    return;
  }
  clear();
  for (const facet of FACETS) {
    for (const name of said.getAll(facet)) if (numbers[facet].has(name)) state.picked[facet].add(numbers[facet].get(name));
  }
  if (said.has("gold") || said.has("pred")) state.pair = ["gold", "pred"].map((side) => numbers.label.get(said.get(side)) ?? -1);
  state.query = said.get("q") ?? "";
  $("#search").value = state.query;
  state.page = Number(said.get("page")) || 1;
  refresh();
  $("#errors").scrollIntoView();
}

function refresh() {
  const counts = select();
  for (const facet of FACETS) showFacet(facet, counts[facet]);
  showChips();
  showList();
}

function update(first = true) {
  if (first) state.page = 1;
  refresh();
  if (first) writeAddress();
}

function searched() {
  let waiting = 0;
  $("#search").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { state.query = $("#search").value.trim(); update(); }, 120);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target.matches("input, select, textarea") || $("#one").open) return;
    event.preventDefault();
    $("#search").focus();
  });
}

function start() {
  themes();
  sortedTables();
  openedTasks();
  facets();
  searched();
  $("#size").addEventListener("change", () => { state.size = Number($("#size").value); state.page = 1; showList(); });
  $("#one").addEventListener("keydown", dialogKeys);
  $("#one").addEventListener("click", (event) => { if (event.target === $("#one")) $("#one").close(); });
  $("#one").addEventListener("close", writeAddress);
  if (window.matchMedia("(max-width: 60rem)").matches) $("#filters").open = false;
  $("#explorer").hidden = false;
  window.addEventListener("hashchange", readAddress);
  refresh();
  readAddress();
}

start();
