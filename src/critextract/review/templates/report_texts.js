// Texts with gold and prediction marked in them. Places are code points, as in the records.

const data = JSON.parse($("#data").textContent);
const ASTRAL = /[\ud800-\udbff][\udc00-\udfff]/;
const CONTEXT = 260; // characters shown on either side, in lines that are long
const LONGEST = 3000;

/** Return from code points to the string's own places, which differ where a sign takes two. */
function unitPlaces(text) {
  if (!ASTRAL.test(text)) return (place) => place;
  const places = [];
  let unit = 0;
  for (const sign of text) {
    places.push(unit);
    unit += sign.length;
  }
  return (place) => (place < places.length ? places[place] : unit);
}

const documents = data.docs.map(([id, text]) => ({ id, text, at: null }));

/** Return a place of a document in its string. */
function at(document, place) {
  document.at ??= unitPlaces(document.text);
  return document.at(place);
}

/** Return an item of the data by its number with names to its fields, null for -1. */
function itemOf(index, document) {
  if (index < 0) return null;
  const [label, start, end, fragments, criterion, slots, words] = data.items[index];
  const places = (fragments || [[start, end]]).map(([from, to]) => [at(document, from), at(document, to)]);
  const names = slots ? data.slot_names[slots[0]] : [];
  const item = {
    label: data.labels[label], start: places[0][0], end: at(document, end), places,
    criterion: criterion || null,
    slots: Object.fromEntries(names.map((name, place) => [name, slots[place + 1]])),
    words: words || document.text.slice(at(document, start), at(document, end)),
  };
  for (const [, from, to] of String(item.slots.place ?? "").matchAll(/(\d+)-(\d+)/g)) {
    item.places.push([at(document, Number(from)), at(document, Number(to))]);
  }
  return item;
}

/** Return the part of the text to show around places: its lines, or what is near in long ones. */
function around(text, places) {
  const low = Math.min(...places.map(([start]) => start));
  const high = Math.max(...places.map(([, end]) => end));
  let from = text.lastIndexOf("\n", low - 1) + 1;
  let to = text.indexOf("\n", high);
  if (to < 0) to = text.length;
  if (low - from > CONTEXT) from = text.indexOf(" ", low - CONTEXT) + 1 || low - CONTEXT;
  if (to - high > CONTEXT) to = Math.max(high, text.lastIndexOf(" ", high + CONTEXT));
  return [Math.min(from, low), Math.min(Math.max(to, high), from + LONGEST)];
}

const SAID = { g: "gold", p: "prediction", "g p": "gold and prediction" };

/**
 * Return nodes of text[from:to]. Marks are [start, end, "g" | "p" | "other"]; they may lie in, over
 * and apart from each other: the text is cut at each of their ends.
 */
function marked(text, from, to, marks) {
  const cuts = new Set([from, to]);
  for (const [start, end] of marks) for (const place of [start, end]) if (place > from && place < to) cuts.add(place);
  const ends = Array.from(cuts).sort((a, b) => a - b);
  const nodes = [];
  for (let place = 0; place + 1 < ends.length; place += 1) {
    const [start, end] = [ends[place], ends[place + 1]];
    const over = new Set(marks.filter(([a, b]) => a < end && b > start).map(([, , side]) => side));
    const sides = ["g", "p"].filter((side) => over.has(side)).join(" ");
    const words = text.slice(start, end);
    if (sides) nodes.push(make("mark", { class: `seg ${sides}`, title: SAID[sides] }, words));
    else if (over.has("other")) nodes.push(make("span", { class: "other", title: "another error of this task" }, words));
    else nodes.push(document.createTextNode(words));
  }
  return nodes;
}

const marksOf = (gold, pred) => [
  ...(gold ? gold.places.map((place) => [...place, "g"]) : []),
  ...(pred ? pred.places.map((place) => [...place, "p"]) : []),
];
