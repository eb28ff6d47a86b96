// Rows of Att göra and of what is gone through, and their forms on pages of their own.
//
// A field that only some statuses ask for is shown when one of them is chosen, or when it holds something that
// it didn't come with. A form's data-report names what is chosen, when that isn't a status.
// What htmx can't put in the row is handed to the browser, which shows the page that the server answers with.
(() => {
  const fit = (form) => {
    const status = form.querySelector(`[name=${form.dataset.report || "status"}]:checked`)?.value;
    for (const field of form.querySelectorAll("[data-needed-by]")) {
      const isNeeded = field.dataset.neededBy.split(" ").includes(status);
      const holds = !("prefilled" in field.dataset) && field.querySelector("input, textarea").value;
      field.hidden = !(isNeeded || holds || field.matches(".wrong, :has(.wrong)"));
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

  // Sends what htmx sent as the browser does: a form, or the button of one.
  const send = (sender) => (sender.form ? sender.form.requestSubmit(sender) : sender.submit());

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
      htmx.trigger(requestConfig.elt, "portal:refused");
    } else {
      send(requestConfig.elt);
    }
  });
  fitAll(document);
})();
