/** Ports to which one thing happens. */
import * as E from 'fp-ts/lib/Either.js';
import { type Ports, portError } from '../../src/ports/index.js';
import type { FakePorts } from '../../src/testing/index.js';
import { aroundCalls, mapOperations } from '../../src/testing/port-calls.js';
import { type Fault, struckBy } from './fault.js';
import { halfWay } from './half-way.js';

export interface Disturbed {
  readonly ports: Ports;
  /** Whether the process has died: nothing that it calls has happened since, or will. */
  readonly isDead: () => boolean;
  /** How many calls it happened to. */
  readonly strikes: () => number;
}

export const disturbed = (fake: FakePorts, fault: Fault): Disturbed => {
  const { mishap } = fault;
  const isStruck = struckBy(fault);
  let isDead = false;
  let strikes = 0;
  const ports = aroundCalls<Ports>(mishap._tag === 'LateAllTheSame' ? deaf(fake) : fake, async (call, run) => {
    if (isDead) return forever();
    if (!isStruck(call)) return run();
    strikes += 1;
    const fail = () =>
      E.left(portError('error' in mishap ? mishap.error : 'Unexpected', call, 'a fault made by the test'));
    switch (mishap._tag) {
      case 'Error':
        return fail();
      case 'Never':
        return forever();
      case 'Late':
      case 'LateAllTheSame':
        await pause(mishap.ms);
        return run();
      case 'LostReply':
        await run();
        return fail();
      case 'LostForGood':
        await run();
        return forever();
      case 'HalfDone':
        fake.change((node) => halfWay(node, call) ?? node);
        return fail();
      case 'Death':
        isDead = true;
        if (mishap.when === 'within') fake.change((node) => halfWay(node, call) ?? node);
        if (mishap.when === 'after') await run();
        return forever();
    }
  });
  return { ports, isDead: () => isDead, strikes: () => strikes };
};

const forever = (): Promise<never> => new Promise(() => undefined);

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

/** The same ports, which do not hear when nobody waits any more. */
const deaf = (ports: FakePorts): FakePorts =>
  mapOperations(ports, (_port, _operation, invoke) => (...given) => {
    const made = invoke(...given);
    return typeof made === 'function' ? () => made(new AbortController().signal) : made;
  });
