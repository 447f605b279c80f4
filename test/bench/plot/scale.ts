/** A logarithmic axis. */

export interface Scale {
  /** Where a value lies, in pixels. */
  readonly at: (value: number) => number;
  /** Round values from one end to the other. */
  readonly ticks: ReadonlyArray<number>;
}

/** From `from` to `to` pixels, between the round values around the given. */
export const logScale = (values: ReadonlyArray<number>, from: number, to: number): Scale => {
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  const least = roundValues.findLast((round) => round <= lowest) ?? lowest;
  const most = roundValues.find((round) => round >= highest) ?? highest;
  return {
    at: (value) => from + ((to - from) * Math.log(value / least)) / Math.log(most / least),
    ticks: roundValues.filter((round) => round >= least && round <= most),
  };
};

const roundValues: ReadonlyArray<number> = [0, 1, 2, 3, 4, 5].flatMap((power) =>
  [1, 2, 5].map((step) => step * 10 ** power),
);
