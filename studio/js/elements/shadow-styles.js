/** Style sheets for shadow roots, as constructed sheets: nothing inline, read once for all. */

const sheets = new Map();

/**
 * Give a root these sheets of `styles/`, and show it then. Where one cannot be read the content is
 * shown bare: what it says counts more.
 *
 * @param {ShadowRoot} root
 * @param {...string} names "visualizer.css"
 */
export async function adopt(root, ...names) {
  if (root.adoptedStyleSheets.length) return;
  // Hidden by the page's own sheet until it is dressed; on other pages it is dressed in a moment.
  root.host.toggleAttribute("data-bare", true);
  for (const name of names) if (!sheets.has(name)) sheets.set(name, load(name));
  const found = await Promise.all(names.map((name) => sheets.get(name)));
  root.adoptedStyleSheets = found.filter(Boolean);
  root.host.removeAttribute("data-bare");
}

async function load(name) {
  try {
    const answer = await fetch(new URL(`../../styles/${name}`, import.meta.url));
    if (!answer.ok) throw new Error(`${name} answered ${answer.status}`);
    const sheet = new CSSStyleSheet();
    await sheet.replace(await answer.text());
    return sheet;
  } catch (error) {
    sheets.delete(name);
    console.warn(error);
    return null;
  }
}
