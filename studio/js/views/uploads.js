import { h } from "../app/dom.js";
import { t } from "../app/i18n.js";
import { browserStorage } from "../app/storage.js";
import { UploadList } from "../cloud/upload-list.js";
import { uploadMemory } from "../cloud/upload-memory.js";
import { Upload } from "../cloud/upload.js";
import "../elements/upload-drop.js";

// One for the page: uploads go on while the person looks at something else.
let shared = null;

/** Films of one's own, to be worked on. @returns {{element: Element, title: string}} */
export function view({ app }) {
  shared ??= listOf(app);
  const drop = h("upload-drop");
  drop.list = shared;
  const element = h(
    "section",
    { class: "uploads stack", "aria-labelledby": "uploads-title" },
    h(
      "header",
      { class: "page-head" },
      h("div", null, h("h1", { id: "uploads-title" }, t("uploads.title")), h("p", null, t("uploads.lead"))),
    ),
    drop,
  );
  return { element, title: t("uploads.title") };
}

function listOf({ api, session }) {
  const memory = uploadMemory(browserStorage);
  const list = new UploadList((file) => new Upload(file, { api, memory }));
  session.user.subscribe((user) => user === null && list.clear());
  // The browser asks in its own words; it wants no others.
  window.addEventListener("beforeunload", (event) => list.busy && event.preventDefault());
  return list;
}
