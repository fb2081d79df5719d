// Keeps <time data-relative> true: "5m", "2h", "3d", then the date the server wrote.
const STEPS = [[60, "minute", 60], [3600, "hour", 24], [86400, "day", 7]];
const locale = document.documentElement.lang;
const formats = new Map(STEPS.map(([, unit]) => [unit, new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "narrow" })]));

function refresh() {
  for (const element of document.querySelectorAll("time[data-relative]")) {
    const text = relative((Date.now() - Date.parse(element.dateTime)) / 1000);
    if (text) element.textContent = text;
  }
}

// A moment ahead, "now" and what is older than a week stay as the server wrote them.
function relative(seconds) {
  if (seconds < STEPS[0][0]) return null;
  const step = STEPS.find(([size, , limit]) => seconds < size * limit);
  return step ? formats.get(step[1]).format(Math.floor(seconds / step[0])) : null;
}

setInterval(refresh, 30000);
