/** The points that every port call keeps, whatever it reads. */
import assert from 'node:assert/strict';
import * as E from 'fp-ts/lib/Either.js';
import type { PortCall } from '../../ports/index.js';
import { type Arrange, answerTo, type Check, errorOf, type Operation, within } from './check.js';

/** How long giving up may take, in milliseconds. */
const promptly = 1_000;

/** The checks for an operation that reads, by a call that succeeds. */
export const everyCall = <W>(
  arrange: Arrange<W>,
  operation: Operation,
  makeCall: (world: W) => PortCall<unknown>,
): ReadonlyArray<Check> => {
  const name = `${operation.port} ${operation.operation}`;
  return [
    ...heedsSignal(arrange, operation, makeCall),
    {
      name: `${name}: can be run twice, and reading changes nothing that it reads`,
      run: async () => {
        const task = makeCall(await arrange())(new AbortController().signal);
        const first = await answerTo(() => task);
        const second = await answerTo(() => task);
        assert.ok(E.isRight(first), E.isLeft(first) ? first.left.message : '');
        assert.deepStrictEqual(second, first);
      },
    },
  ];
};

/** The checks for any operation, reading or writing, by a call that succeeds. */
export const heedsSignal = <W>(
  arrange: Arrange<W>,
  operation: Operation,
  makeCall: (world: W) => PortCall<unknown>,
): ReadonlyArray<Check> => {
  const name = `${operation.port} ${operation.operation}`;
  const gaveUp = { ...operation, tag: ['TimedOut'] } as const;
  return [
    {
      name: `${name}: answers TimedOut at once when the signal has fired before`,
      run: async () => {
        const made = makeCall(await arrange());
        await within(promptly, errorOf(made, gaveUp, AbortSignal.abort()));
      },
    },
    {
      name: `${name}: does nothing before it is run: a signal that fires until then still counts`,
      run: async () => {
        const controller = new AbortController();
        const task = makeCall(await arrange())(controller.signal);
        await new Promise((resolve) => setTimeout(resolve, 20));
        controller.abort();
        await within(
          promptly,
          errorOf(() => task, gaveUp),
        );
      },
    },
  ];
};
