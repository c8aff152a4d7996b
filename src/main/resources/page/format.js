// Numbers as people read them.

const WHOLE = new Intl.NumberFormat("en");
const CLOCK = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
});

export const whole = (value) => WHOLE.format(value);

export function percent(share, digits = 1) {
  const value = 100 * share;
  // What is not all must not look like all.
  const rounded = value.toFixed(digits);
  const text =
    value < 100 && rounded === (100).toFixed(digits) ? `> ${(100 - 10 ** -digits).toFixed(digits)}` : rounded;
  return `${value < 0 ? text.replace("-", "−") : text} %`;
}

export function millis(value) {
  if (value >= 10_000) {
    return `${(value / 1000).toFixed(1)} s`;
  }
  if (value >= 1_000) {
    return `${(value / 1000).toFixed(2)} s`;
  }
  return `${value >= 10 ? value.toFixed(0) : value.toFixed(1)} ms`;
}

export const times = (value) => `${value.toFixed(value < 10 ? 2 : 1)}`;

export const clock = (instant) => CLOCK.format(new Date(instant));

export const short = (hash) => `${hash.slice(0, 8)}…${hash.slice(-4)}`;

/** "one request", "2,041 requests". */
export const count = (number, one, many = `${one}s`) => `${number === 1 ? "one" : whole(number)} ${number === 1 ? one : many}`;

/** The 95 % interval of a share after Wilson, which holds for few and for none. */
export function wilson(good, total) {
  if (total === 0) {
    return [0, 1];
  }
  const z = 1.96;
  const share = good / total;
  const centre = (good + (z * z) / 2) / (total + z * z);
  const half = (z * Math.sqrt(total * share * (1 - share) + (z * z) / 4)) / (total + z * z);
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

/** The quantile of sorted values. */
export const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
