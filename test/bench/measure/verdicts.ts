/** Targets, and whether they are met. */

export interface Verdict {
  readonly what: string;
  readonly value: number;
  readonly atMost: number;
  readonly unit?: string;
}

/** One line for each. */
export const verdictLines = (verdicts: ReadonlyArray<Verdict>): string =>
  verdicts
    .map(({ what, value, atMost, unit = '' }) => {
      const word = value <= atMost ? 'met   ' : 'MISSED';
      return `${word}  ${what}: ${shown(value)}${unit}, at most ${shown(atMost)}${unit}`;
    })
    .join('\n');

const shown = (value: number): string => (Math.abs(value) < 10 ? value.toFixed(2) : value.toFixed(0));
