// The figures of GET /v1/fairness, put together as the page shows them.

/** "fast", "confirmed, gate response". */
export const nameOf = ({ mode, gate }) => (gate && gate !== "none" ? `${mode}, gate ${gate}` : mode);

/** The class by which charts colour a mode. */
export const kindOf = ({ mode, gate }) => (mode === "fast" ? "fast" : gate === "dispatch" ? "dispatch" : "confirmed");

export const ofRoute = (series, route) => series.filter((one) => !route || one.route === route);

const sum = (values) => values.reduce((total, value) => total + value, 0);

/** Each way of settling over all routes that are shown: sums of what can be summed. */
export function byMode(series) {
  const modes = new Map();
  for (const one of series) {
    const name = nameOf(one);
    modes.set(name, [...(modes.get(name) ?? []), one]);
  }
  return [...modes].map(([name, all]) => {
    const windows = all.map((one) => one.window).filter((window) => window);
    const total = (member) => sum(windows.map((window) => window[member] ?? 0));
    const requests = total("requests");
    return {
      name,
      kind: kindOf(all[0]),
      requests,
      denied: total("fell_back") + total("exhausted"),
      exhausted: total("exhausted"),
      slow: total("slow"),
      selective: total("selective"),
      missed: total("missed"),
      overtakes: total("overtakes"),
      attempts:
        requests === 0 ? null : sum(windows.map((window) => window.mean_attempts * window.requests)) / requests,
    };
  });
}

/** An objective over all series that are shown; null while nothing was counted. */
export function objective(series, name, target) {
  const counts = series.map((one) => one.objectives[name]).filter((counted) => counted);
  const good = sum(counts.map((counted) => counted.last_hour.good));
  const total = sum(counts.map((counted) => counted.last_hour.total));
  return total === 0 ? null : { good, total, share: good / total, left: 1 - (1 - good / total) / (1 - target) };
}

/** Requests and denials of each cohort, over all series that are shown. */
export function cohorts(series) {
  const all = Array.from({ length: 64 }, (_, cohort) => ({ cohort, requests: 0, denied: 0 }));
  for (const { cohorts: counts } of series) {
    counts.forEach(([requests, denied], cohort) => {
      all[cohort].requests += requests;
      all[cohort].denied += denied;
    });
  }
  return all;
}
