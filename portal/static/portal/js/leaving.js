// Asks before a page is left with text that hasn't been sent.
(() => {
  let isSent = false;
  const isWritten = (field) =>
    field.matches("textarea, input:not([type]), input[type=text]") && field.value !== field.defaultValue;
  const isUnsaved = (form) => "unsaved" in form.dataset || [...form.elements].some(isWritten);

  // What htmx has taken care of doesn't leave the page; to log out, or to switch language, isn't to send what
  // stands in another form.
  document.addEventListener("submit", (event) => {
    isSent ||= !event.defaultPrevented && !event.target.matches("[data-forgets-drafts], [data-leaves]");
  });
  // The answer begins with what is wrong in it, unless its address points at another part of the page.
  document.addEventListener("submit", () => {
    if (location.hash) {
      history.replaceState(history.state, "", location.pathname + location.search);
    }
  });
  document.addEventListener("click", (event) => {
    isSent ||= Boolean(event.target.closest?.("[data-drops-draft]"));
  });
  window.addEventListener("pageshow", () => {
    isSent = false; // back again
  });
  window.addEventListener("beforeunload", (event) => {
    if (!isSent && [...document.querySelectorAll("form[method=post]")].some(isUnsaved)) {
      event.preventDefault();
    }
  });
})();
