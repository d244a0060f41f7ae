"use strict";
(() => {
  const months = ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
    "november", "december"];
  const days = ["zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"];
  const options = {
    actions: false,
    ast: true, // expressions are interpreted: the page's policy allows no eval
    defaultStyle: false,
    renderer: "svg",
    formatLocale: { decimal: ",", thousands: ".", grouping: [3], currency: ["€ ", ""] },
    timeFormatLocale: {
      dateTime: "%a %e %B %Y %X", date: "%d-%m-%Y", time: "%H:%M:%S", periods: ["", ""],
      days, shortDays: days.map((day) => day.slice(0, 2)),
      months, shortMonths: months.map((month) => month.slice(0, 3)),
    },
  };
  const failed = (place) => {
    place.textContent = "De grafiek kon niet worden getekend; de cijfers staan in de tabel.";
    place.parentElement.querySelector("details")?.setAttribute("open", "");
  };
  for (const place of document.querySelectorAll(".chart")) {
    const spec = JSON.parse(document.getElementById(place.dataset.spec).textContent);
    vegaEmbed(place, spec, options).catch((error) => { console.error(error); failed(place); });
  }
  // Closed tables print too.
  const tables = document.querySelectorAll("details");
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...tables].filter((table) => !table.open);
    for (const table of closed) table.open = true;
  });
  addEventListener("afterprint", () => { for (const table of closed) table.open = false; });
})();
