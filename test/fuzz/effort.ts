/**
 * How much is tried. In the short form, which every test run has, so many inputs from a fixed seed; in the long form, which
 * `CRI_RECOVERY_FUZZ_MINUTES` asks for, for so many minutes all together, from `CRI_RECOVERY_FUZZ_SEED` or a seed of its own. What was tried is
 * printed with its seed; a failure is shrunk and printed by fast-check, which repeats it from seed and path.
 */
import fc from 'fast-check';
import { test } from 'vitest';

const minutes = Number(process.env.CRI_RECOVERY_FUZZ_MINUTES ?? 0);
export const seed = Number(process.env.CRI_RECOVERY_FUZZ_SEED ?? (minutes > 0 ? Date.now() % 2 ** 31 : 5));

/** True in the long form. */
export const isLong = minutes > 0;

/** Over all files: a share of the minutes for each. */
const properties = 12;
const shareMs = Math.ceil((minutes * 60_000) / properties);

/** Defines a test that tries inputs, `short` of them in the short form. */
export const tries = <A>(
  what: string,
  { short, input }: { readonly short: number; readonly input: fc.Arbitrary<A> },
  check: (input: A) => void | Promise<void>,
): void => {
  test(what, { timeout: Math.max(60_000, shareMs * 3) }, async () => {
    let tried = 0;
    const counted = fc.asyncProperty(input, async (value) => {
      tried += 1;
      await check(value);
    });
    const start = performance.now();
    // Shrinking ends in time, too.
    const bounds = isLong
      ? { numRuns: 2 ** 31 - 1, interruptAfterTimeLimit: shareMs }
      : { numRuns: short, interruptAfterTimeLimit: 40_000 };
    try {
      await fc.assert(counted, { seed, ...bounds });
    } finally {
      const ms = Math.round(performance.now() - start);
      console.log(`${what}: ${tried} inputs in ${ms} ms, seed ${seed}`);
    }
  });
};
