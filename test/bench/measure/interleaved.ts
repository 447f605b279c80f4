/** Measuring several things in turn, so that what slows the machine down for a while hits all of them alike. */

type Measurements = Readonly<Record<string, () => Promise<unknown>>>;

/** What each came to, round by round. */
export type Rounds<M extends Measurements> = {
  readonly [K in keyof M]: ReadonlyArray<Awaited<ReturnType<M[K]>>>;
};

/** Does all of them in every round, and begins each round with another one. */
export const interleaved = async <M extends Measurements>(
  rounds: number,
  measurements: M,
  beforeRound: () => Promise<void> = async () => undefined,
): Promise<Rounds<M>> => {
  const names = Object.keys(measurements);
  const results: Record<string, unknown[]> = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    await beforeRound();
    const first = round % names.length;
    for (const name of [...names.slice(first), ...names.slice(0, first)])
      results[name]?.push(await measurements[name]?.());
  }
  return results as Rounds<M>;
};
