// Rows of Att göra, and the form for a report on a page of its own.
//
// A field that only some statuses ask for is shown when one of them is chosen, or when it holds something.
// What htmx can't put in the row is handed to the browser, which shows the page that the server answers with.
(() => {
  const fit = (form) => {
    const status = form.querySelector("[name=status]:checked")?.value;
    for (const field of form.querySelectorAll("[data-needed-by]")) {
      const control = field.querySelector("input, textarea");
      const isNeeded = field.dataset.neededBy.split(" ").includes(status);
      field.hidden = !(isNeeded || control.value || field.classList.contains("wrong"));
    }
  };
  const fitAll = (part) => {
    for (const form of part.querySelectorAll("form[data-report]")) {
      fit(form);
    }
  };
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-report]");
    if (form) {
      fit(form);
    }
  });
  document.addEventListener("htmx:load", (event) => fitAll(event.detail.elt));

  // Says in the row that nothing was saved, until the form is sent again.
  const tell = (form) => {
    const notice = document.querySelector("template[data-trouble]").content.cloneNode(true).firstElementChild;
    form.before(notice);
    notice.focus();
    form.addEventListener("submit", () => notice.remove(), { once: true });
  };

  // An answer that isn't a row: the session has ended, the round has closed, or something has broken.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { requestConfig, xhr } = event.detail;
    const wanted = new URL(requestConfig.path, location.href).pathname;
    const isRow = [200, 409, 422].includes(xhr.status) && new URL(xhr.responseURL).pathname === wanted;
    if (isRow) {
      return;
    }
    event.detail.shouldSwap = false;
    event.detail.isError = false;
    if (requestConfig.verb === "get") {
      location.assign(requestConfig.path);
    } else if (xhr.status >= 500) {
      tell(requestConfig.elt);
    } else {
      requestConfig.elt.submit();
    }
  });
  document.addEventListener("htmx:sendError", (event) => {
    const { requestConfig } = event.detail;
    if (requestConfig.verb === "get") {
      location.assign(requestConfig.path);
    } else {
      tell(requestConfig.elt);
    }
  });

  fitAll(document);
})();
