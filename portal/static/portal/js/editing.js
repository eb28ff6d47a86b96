// A draft's rows are moved, and its texts looked at, within the page.
//
// An answer that isn't the page, such as one that asks to log in, is left to the browser to show.
(() => {
  const isButton = (element) => element.matches("button[hx-post]");
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const { elt, path } = detail.requestConfig;
    const wanted = new URL(path, location.href).pathname;
    const isPage = detail.xhr.status === 200 && new URL(detail.xhr.responseURL).pathname === wanted;
    if (!isPage && isButton(elt)) {
      detail.shouldSwap = false;
      detail.isError = false;
      elt.removeAttribute("hx-post");
      elt.form.requestSubmit(elt);
    }
  });
})();
