/** Keeping a list of the calls made through ports. */
import * as E from 'fp-ts/lib/Either.js';
import type { PortError } from '../core/failure.js';
import type { Call } from '../ports/index.js';
import { aroundCalls } from './port-calls.js';

/** A call as it went; `pending` as long as it has not answered. */
export interface RecordedCall extends Call {
  readonly outcome: 'pending' | 'ok' | PortError['_tag'];
}

/** Ports whose calls are kept. */
export interface Recorded<P> {
  readonly ports: P;
  /** The calls so far, in the order they began. */
  readonly calls: () => ReadonlyArray<RecordedCall>;
}

/**
 * The same ports, fake or real, and the calls made through them so far, in the order they began.
 *
 * @example
 * const { ports, calls } = recorded(fakePorts(fakeNode()));
 * await ports.tasks.list()(new AbortController().signal)();
 * assert.deepStrictEqual(calls(), [{ port: 'tasks', operation: 'list', subject: '', outcome: 'ok' }]);
 */
export const recorded = <P extends object>(ports: P): Recorded<P> => {
  const calls: RecordedCall[] = [];
  const watched = aroundCalls(ports, async (call, run) => {
    const position = calls.push({ ...call, outcome: 'pending' }) - 1;
    const answer = await run();
    calls[position] = { ...call, outcome: E.isLeft(answer) ? answer.left._tag : 'ok' };
    return answer;
  });
  return { ports: watched, calls: () => [...calls] };
};
