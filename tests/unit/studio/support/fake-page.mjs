/** As much of a document as `h()` needs: elements with attributes, children and events that bubble. */

class FakeNode extends EventTarget {
  parent = null;
  children = [];

  append(...nodes) {
    for (const node of nodes) this.insertBefore(node, null);
  }

  insertBefore(node, next) {
    node.remove();
    node.parent = this;
    this.children.splice(next ? this.children.indexOf(next) : this.children.length, 0, node);
  }

  replaceChildren(...nodes) {
    for (const child of [...this.children]) child.remove();
    this.append(...nodes);
  }

  replaceWith(node) {
    this.parent.insertBefore(node, this);
    this.remove();
  }

  prepend(node) {
    this.insertBefore(node, this.children[0]);
  }

  contains(node) {
    return node === this || this.children.some((child) => child.contains(node));
  }

  remove() {
    if (this.parent) this.parent.children = this.parent.children.filter((one) => one !== this);
    this.parent = null;
  }

  dispatchEvent(event) {
    super.dispatchEvent(event);
    return event.bubbles ? this.parent?.dispatchEvent(event) : true;
  }
}

class FakeElement extends FakeNode {
  attributes = new Map();
  dataset = {};
  hidden = false;
  style = { setProperty() {} };
  classList = { add() {}, toggle() {} };
  isConnected = true;
  adoptedStyleSheets = ["dressed"];
  /** What a browser says of codecs: none is played. */
  static plays = "";

  constructor(tag) {
    super();
    this.tag = tag;
  }

  setAttribute(name, value) {
    const before = this.getAttribute(name);
    this.attributes.set(name, String(value));
    if (!this.constructor.observedAttributes?.includes(name)) return;
    this.attributeChangedCallback(name, before, String(value));
  }

  getAttribute(name) {
    return this.attributes.get(name) ?? null;
  }

  removeAttribute(name) {
    this.attributes.delete(name);
  }

  toggleAttribute() {}

  focus() {
    document.activeElement = this;
  }

  showModal() {}

  /** A dialog, with its answer. */
  close(value) {
    this.returnValue = value;
    this.dispatchEvent(new Event("close"));
  }

  /** By a tag, also with an attribute: "a[download]". */
  querySelector(selector) {
    const [tag, name] = selector.match(/[\w-]+/g);
    return this.all(tag).find((one) => !name || one.attributes.has(name)) ?? null;
  }

  attachShadow() {
    this.shadowRoot = new FakeElement("shadow");
  }

  canPlayType(type) {
    FakeElement.asked = type;
    return FakeElement.plays;
  }

  get lastElementChild() {
    return this.children.at(-1) ?? null;
  }

  /** All elements of these tags in it, in order. */
  all(...tags) {
    return this.children.flatMap((one) => [...(tags.includes(one.tag) ? [one] : []), ...(one.all?.(...tags) ?? [])]);
  }
}

/** Puts it in the place of a browser's, for the whole test file. @returns {typeof FakeElement} */
export function fakePage() {
  globalThis.Node = FakeNode;
  globalThis.HTMLElement = FakeElement;
  globalThis.customElements = { get() {}, define() {} };
  globalThis.window = Object.assign(new EventTarget(), { location: { hash: "" }, scrollTo() {} });
  globalThis.location = window.location;
  globalThis.addEventListener = (...given) => window.addEventListener(...given);
  globalThis.document = Object.assign(new EventTarget(), {
    documentElement: new FakeElement("html"),
    body: new FakeElement("body"),
    visibilityState: "visible",
    getElementById: (id) => document.body.children.find((one) => one.getAttribute("id") === id),
    createElement: (tag) => new FakeElement(tag),
    createElementNS: (_space, tag) => new FakeElement(tag),
    createTextNode: (text) => Object.assign(new FakeNode(), { text }),
  });
  document.activeElement = document.body;
  return FakeElement;
}
