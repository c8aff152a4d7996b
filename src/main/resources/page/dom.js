// Elements. Text goes in as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const el = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);

export const svg = (tag, attributes = {}, ...children) =>
  fill(document.createElementNS(SVG, tag), attributes, children);

export const byId = (id) => document.getElementById(id);

/** Sets a text unless it is there already, so that nothing that is selected or read out is disturbed. */
export function say(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/**
 * A table that keeps its rows from one drawing to the next, so that focus and selection stay where they are.
 *
 * @param columns `[title, class]` each
 */
export class Table {
  constructor(container, caption, columns) {
    this.rows = new Map();
    this.body = el("tbody", { role: "rowgroup" });
    this.columns = columns;
    this.container = container;
    container.append(
      // The roles are said because the style makes blocks of all of it where the page is narrow, and it stays a table.
      el(
        "table",
        { role: "table" },
        el("caption", {}, caption),
        el(
          "thead",
          { role: "rowgroup" },
          el("tr", { role: "row" }, ...columns.map(([title, kind]) => el("th", { scope: "col", role: "columnheader", class: kind }, title))),
        ),
        this.body,
      ),
    );
    reachable(container, caption);
  }

  /** Shows these rows, `[key, cells]` each; the first cell is the row's title. A cell is a text or a list of nodes. */
  show(rows) {
    const keys = new Set(rows.map(([key]) => key));
    for (const [key, row] of this.rows) {
      if (!keys.has(key)) {
        row.remove();
        this.rows.delete(key);
      }
    }
    let before = this.body.firstChild;
    for (const [key, cells] of rows) {
      let row = this.rows.get(key);
      if (!row) {
        row = el("tr", { role: "row" }, ...this.columns.map(emptyCell));
        this.rows.set(key, row);
      }
      cells.forEach((cell, i) => put(row.children[i], cell));
      if (row === before) {
        before = before.nextSibling;
      } else {
        this.body.insertBefore(row, before);
      }
    }
  }
}

function emptyCell([title, kind], i) {
  return i === 0
    ? el("th", { scope: "row", role: "rowheader", class: kind, "data-title": title })
    : el("td", { role: "cell", class: kind, "data-title": title });
}

function put(place, cell) {
  if (typeof cell === "string") {
    if (place.children.length > 0 || place.textContent !== cell) {
      place.textContent = cell;
    }
  } else if (!place.contains(document.activeElement)) {
    place.replaceChildren(...cell.filter((node) => node !== null));
  }
}

/** What is wider than the page can be scrolled with the keyboard. */
function reachable(container, name) {
  const observer = new ResizeObserver(() => {
    if (container.scrollWidth > container.clientWidth + 1) {
      container.tabIndex = 0;
      container.setAttribute("role", "region");
      container.setAttribute("aria-label", name);
    } else {
      container.removeAttribute("tabindex");
      container.removeAttribute("role");
      container.removeAttribute("aria-label");
    }
  });
  observer.observe(container);
  observer.observe(container.firstChild);
}
