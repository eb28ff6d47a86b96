// Gives a name to what the admin's own templates and scripts leave without, for those who hear the page.
(() => {
  const headOf = (field) => field.closest("table").tHead.rows[0].cells[field.closest("td").cellIndex];

  const name = () => {
    for (const icon of document.querySelectorAll(".help-tooltip[aria-label]:not([role])")) {
      icon.setAttribute("role", "img");
    }
    for (const head of document.querySelectorAll(".tabular th:empty")) {
      head.replaceWith(Object.assign(document.createElement("td"), { className: head.className }));
    }
    // In a table of rows to fill in, the column's head is all that tells what a field is.
    for (const field of document.querySelectorAll(".tabular td :is(input, select, textarea):not([type=hidden])")) {
      if (!field.labels?.length && !field.hasAttribute("aria-label")) {
        field.setAttribute("aria-label", headOf(field).textContent.trim());
      }
    }
    // What is typed to be found is named as the choice that it stands for.
    for (const choice of document.querySelectorAll("select.select2-hidden-accessible")) {
      const label = choice.labels[0]?.textContent.trim() ?? choice.getAttribute("aria-label");
      const shown = choice.nextElementSibling.querySelector(".select2-selection__rendered");
      const typed = choice.nextElementSibling.querySelector(".select2-selection");
      shown.removeAttribute("role");
      shown.removeAttribute("aria-readonly");
      typed.removeAttribute("aria-labelledby");
      typed.setAttribute("aria-label", `${label.replace(/:$/, "")}: ${shown.title}`.replace(/: $/, ""));
    }
    for (const choice of document.querySelectorAll("#changelist-filter a:empty")) {
      choice.textContent = "–";
    }
    for (const part of document.querySelectorAll(".tabular, #change-history")) {
      part.tabIndex = part.scrollWidth > part.clientWidth ? 0 : -1;
    }
  };
  for (const moment of ["load", "resize"]) {
    addEventListener(moment, name);
  }
  for (const moment of ["formset:added", "change"]) {
    document.addEventListener(moment, name);
  }
})();
