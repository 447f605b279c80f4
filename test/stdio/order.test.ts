import { expect, test } from 'vitest';
import { gathered } from '../../src/stdio/gathered.js';
import { makeSlots } from '../../src/stdio/slots.js';
import { makeTurns } from '../../src/stdio/turns.js';

const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Work that ends when it is told to. */
const gate = () => {
  let [open, fail] = [(): void => undefined, (_: unknown): void => undefined];
  const work = new Promise<void>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  return { work, open, fail };
};

test('slots run so many at a time and the rest in order, also after a failure', async () => {
  const slots = makeSlots(2);
  const gates = [gate(), gate(), gate(), gate()];
  const begun: number[] = [];
  const results = Promise.allSettled(
    gates.map(({ work }, index) =>
      slots(() => {
        begun.push(index);
        return work;
      }),
    ),
  );
  await soon();
  expect(begun).toEqual([0, 1]);
  gates[1]?.fail(new Error('no'));
  await soon();
  expect(begun).toEqual([0, 1, 2]);
  for (const { open } of gates) open();
  expect((await results).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  await soon();
  expect(begun).toEqual([0, 1, 2, 3]);
});

test('turns of one key follow each other, those of others do not wait, and no key is kept', async () => {
  const turns = makeTurns();
  const first = gate();
  const begun: string[] = [];
  const take = (key: string, name: string, work: Promise<void> = Promise.resolve()) =>
    turns.take(key, () => {
      begun.push(name);
      return work;
    });
  const failing = take('a', 'a1', first.work);
  const second = take('a', 'a2');
  await take('b', 'b1');
  expect(begun).toEqual(['a1', 'b1']);
  expect([...turns.keys()]).toContain('a');
  first.fail(new Error('no'));
  await expect(failing).rejects.toThrow('no');
  await second;
  await soon();
  expect(begun).toEqual(['a1', 'b1', 'a2']);
  expect([...turns.keys()]).toEqual([]);
});

test('what is asked for together, or while earlier work runs, is done together', async () => {
  const lots: ReadonlyArray<number>[] = [];
  const running = gate();
  const double = gathered(2, async (numbers: ReadonlyArray<number>) => {
    lots.push(numbers);
    if (numbers.includes(13)) throw new Error('no');
    await running.work;
    return numbers.map((number) => number * 2);
  });
  const first = [1, 2, 3, 4].map(double);
  await soon();
  await soon();
  const later = Promise.allSettled([13, 6].map(double));
  running.open();
  expect(await Promise.all(first)).toEqual([2, 4, 6, 8]);
  expect((await later).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(lots).toEqual([
    [1, 2],
    [3, 4],
    [13, 6],
  ]);
}, 2_000);
