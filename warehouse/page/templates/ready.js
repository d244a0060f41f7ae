"use strict";
// Where no script may run, the tables stay open and the page says why; here the charts take their place.
document.querySelector(".unscripted").remove();
for (const table of document.querySelectorAll("figure details:not([data-stay])")) table.open = false;
