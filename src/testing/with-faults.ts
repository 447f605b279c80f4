/** Making calls fail, stall or hang on purpose. */
import * as E from 'fp-ts/lib/Either.js';
import type { PortError, PortName } from '../core/failure.js';
import { type Call, portError } from '../ports/index.js';
import { aroundCalls } from './port-calls.js';

/** Which calls go wrong, and how. What is left out matches every call. */
export interface Fault {
  readonly port: PortName;
  readonly operation?: string;
  /** An id, an absolute path, an image's name; as in `PortError`. */
  readonly subject?: string;
  /** Only the nth of the calls that match, counted from 1 as they are run. */
  readonly nth?: number;
  /** An error in place of the call, a wait before it, or no answer at all: not even when the signal fires. */
  readonly effect: { readonly error: PortError['_tag'] } | { readonly delayMs: number } | 'never';
}

/**
 * The same ports, fake or real, with faults; of several that match a call the first counts.
 *
 * @example
 * const ports = withFaults(fakePorts(fakeNode()), [{ port: 'tasks', operation: 'list', effect: { error: 'Unavailable' } }]);
 * const listed = await ports.tasks.list()(new AbortController().signal)();
 * assert.strictEqual(E.isLeft(listed) && listed.left._tag, 'Unavailable');
 */
export const withFaults = <P extends object>(ports: P, faults: ReadonlyArray<Fault>): P => {
  const triggers = faults.map(trigger);
  return aroundCalls(ports, async (call, run) => {
    const fault = triggers.flatMap((fires) => fires(call) ?? [])[0];
    if (fault === undefined) return run();
    if (fault.effect === 'never') return new Promise(() => undefined);
    if ('error' in fault.effect) return E.left(portError(fault.effect.error, call, 'a fault made by the test'));
    await pause(fault.effect.delayMs);
    return run();
  });
};

/** Gives the fault for the calls it is meant for, and counts those that match. */
const trigger = (fault: Fault): ((call: Call) => Fault | undefined) => {
  let matched = 0;
  return (call) => {
    if (!matches(fault, call)) return undefined;
    matched += 1;
    return fault.nth === undefined || fault.nth === matched ? fault : undefined;
  };
};

const matches = (fault: Fault, call: Call): boolean =>
  fault.port === call.port &&
  (fault.operation ?? call.operation) === call.operation &&
  (fault.subject ?? call.subject) === call.subject;

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
