/**
 * The only place where elements are made. Whatever people wrote becomes a text node, never markup.
 */

const SVG = "http://www.w3.org/2000/svg";
const SVG_TAGS = new Set(["svg", "path", "g", "circle", "rect", "line", "polyline", "pattern", "text"]);
// They would turn text into markup, or need a policy that allows inline style.
const FORBIDDEN = new Set(["innerHTML", "outerHTML", "srcdoc", "style"]);
// What has to be set as a property: the attribute is only the initial value.
const PROPERTIES = new Set(["value", "checked", "muted", "selected", "indeterminate", "srcObject"]);

/**
 * An element with its properties and children.
 *
 * @param {string} tag
 * @param {object|null} [props] `class` (text, or a list whose empty members are left out),
 *   `dataset` (an object), `on<event>` (functions), everything else an attribute; `true` sets it
 *   empty, and `false`, `null` and `undefined` leave it out. aria-* take `true` and `false` as words.
 * @param {...(Node|string|number|null|undefined|false|Array)} children texts become text nodes
 * @returns {Element}
 */
export function h(tag, props, ...children) {
  const element = SVG_TAGS.has(tag)
    ? document.createElementNS(SVG, tag)
    : document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) set(element, name, value);
  append(element, children);
  return element;
}

/** Put these in the place of all that an element holds. @returns the element */
export function fill(element, ...children) {
  element.replaceChildren();
  append(element, children);
  return element;
}

function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false || child === true) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

function set(element, name, value) {
  if (FORBIDDEN.has(name)) throw new TypeError(`${name} is not set here`);
  if (name.startsWith("on") && typeof value === "function") {
    element.addEventListener(name.slice(2), value);
  } else if (name === "class") {
    const names = Array.isArray(value) ? value.filter(Boolean).join(" ") : value;
    if (names) element.setAttribute("class", names);
  } else if (name === "dataset") {
    for (const [key, text] of Object.entries(value)) {
      if (text !== null && text !== undefined) element.dataset[key] = text;
    }
  } else if (value === null || value === undefined) {
    // Left out.
  } else if (PROPERTIES.has(name)) {
    element[name] = value;
  } else if (name.startsWith("aria-")) {
    element.setAttribute(name, String(value));
  } else if (value === true) {
    element.setAttribute(name, "");
  } else if (value !== false) {
    element.setAttribute(name, String(value));
  }
}
