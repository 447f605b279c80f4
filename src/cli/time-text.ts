/** Times for people. */

const nanosecondsPerSecond = 1_000_000_000n;
const steps: ReadonlyArray<readonly [bigint, string]> = [
  [86_400n, 'd'],
  [3_600n, 'h'],
  [60n, 'm'],
  [1n, 's'],
];

/** How long before `now` a time was, in its two largest units, as in `3m 12s ago`. Both in nanoseconds since 1970. */
export const ageText = (time: bigint, now: bigint): string => {
  const seconds = (now - time) / nanosecondsPerSecond;
  if (seconds < 0n) return 'in the future';
  const at = steps.findIndex(([size]) => seconds >= size);
  if (at < 0) return 'just now';
  const units = steps
    .slice(at, at + 2)
    .map(([size, unit], index) => ({ size, unit, above: index === 0 ? undefined : steps[at]?.[0] }));
  const parts = units.map(
    ({ size, unit, above }) => `${(above === undefined ? seconds : seconds % above) / size}${unit}`,
  );
  return `${parts.filter((part) => !part.startsWith('0')).join(' ')} ago`;
};

/** A moment in UTC, to the second. Nanoseconds since 1970. */
export const momentText = (time: bigint): string => {
  const seconds = secondsText(time);
  return seconds === undefined ? `${time} ns` : `${seconds.replace('T', ' ')} UTC`;
};

/** The same in one word, for the start of a line. */
export const stampText = (time: bigint): string => {
  const seconds = secondsText(time);
  return seconds === undefined ? `${time}ns` : `${seconds}Z`;
};

/** Nothing where it is further away than a calendar reaches. */
const secondsText = (time: bigint): string | undefined => {
  const date = new Date(Number(time / 1_000_000n));
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString().slice(0, 19);
};
