"use strict";
// The page around the errors: theme, sorted tables, what opens by itself. Nothing is fetched.

const $ = (query, within = document) => within.querySelector(query);
const $$ = (query, within = document) => Array.from(within.querySelectorAll(query));

/** Return a new element; children are nodes or text, never markup. */
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "on") for (const [event, run] of Object.entries(value)) element.addEventListener(event, run);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const number = new Intl.NumberFormat("en");
const plural = (n, word) => `${number.format(n)} ${word}${n === 1 ? "" : "s"}`;

function remembered(key, value) {
  try {
    if (value === undefined) return localStorage.getItem(key);
    localStorage.setItem(key, value);
  } catch { /* a page opened from a file may have no storage */ }
  return null;
}

function themes() {
  const button = $("#theme");
  const names = ["auto", "light", "dark"];
  const show = (name) => {
    if (name === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = name;
    button.setAttribute("aria-label", `Theme: ${name}`);
    button.replaceChildren({ auto: "◐", light: "☀", dark: "☾" }[name], make("span", {}, ` Theme: ${name}`));
  };
  let name = remembered("critextract-theme");
  if (!names.includes(name)) name = "auto";
  show(name);
  button.hidden = false;
  button.addEventListener("click", () => {
    name = names[(names.indexOf(name) + 1) % names.length];
    remembered("critextract-theme", name);
    show(name);
  });
}

/** Return what a cell is sorted by: a number, a word, or null where it is undefined. */
function sortValue(row, column) {
  const value = row.cells[column].dataset.v;
  if (value === undefined || value === "") return null;
  return Number.isNaN(Number(value)) ? value : Number(value);
}

function compare(a, b) {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), "en", { numeric: true });
}

function sortBy(table, heading) {
  const column = heading.cellIndex;
  const before = heading.getAttribute("aria-sort");
  const falling = before ? before === "ascending" : heading.classList.contains("n");
  for (const one of $$("thead th", table)) one.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", falling ? "descending" : "ascending");
  const body = $("tbody:not(.fixed)", table);
  const rows = Array.from(body.rows, (row) => [sortValue(row, column), row]);
  const known = rows.filter(([value]) => value !== null);
  known.sort(([a], [b]) => (falling ? compare(b, a) : compare(a, b)));
  body.append(...known.concat(rows.filter(([value]) => value === null)).map(([, row]) => row));
}

function sortedTables() {
  for (const table of $$("table.sortable")) {
    table.tHead.addEventListener("click", (event) => {
      const heading = event.target.closest("th");
      if (heading && event.target.closest("button")) sortBy(table, heading);
    });
  }
}

function openedTasks() {
  const all = $$("details.task");
  const button = $("#open-all");
  button.hidden = false;
  button.addEventListener("click", () => {
    const open = all.some((one) => !one.open);
    for (const one of all) one.open = open;
    button.textContent = open ? "Close all" : "Open all";
  });
  window.addEventListener("beforeprint", () => { for (const one of all) one.open = true; });
}

/** Open the task that the address names: ``#task-values``. */
function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target?.matches("details.task")) {
    target.open = true;
    target.scrollIntoView();
  }
}
