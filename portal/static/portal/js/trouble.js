// What htmx asks for and doesn't get: a sentence where it was asked for, until it is asked for again.
(() => {
  // `what`: lost, when there was no answer, or refused.
  const tell = (sender, what) => {
    const place = sender.closest(".tasks > li, .at-work > li, form") ?? sender;
    place.querySelector(":scope > [data-told]")?.remove();
    const notice = document.querySelector("template[data-trouble]").content.cloneNode(true).firstElementChild;
    notice.querySelector(`[data-${what}]`).hidden = false;
    notice.dataset.told = "";
    if (place === sender || sender.form === place) {
      sender.before(notice);
    } else {
      place.prepend(notice);
    }
    notice.focus();
    sender.addEventListener(sender.matches("form") ? "submit" : "click", () => notice.remove(), { once: true });
  };
  for (const ending of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(ending, ({ detail }) => {
      if (detail.requestConfig.triggeringEvent?.isTrusted) {
        tell(detail.requestConfig.elt, "lost"); // what nobody asked for is nobody's trouble
      }
    });
  }
  document.addEventListener("portal:refused", ({ target }) => tell(target, "refused"));
})();
