/** How every call to a fake behaves: lazy, answered at once from the node as it is then, and given up when the signal has fired. */
import * as E from 'fp-ts/lib/Either.js';
import type { Reading } from '../core/observation.js';
import { type Call, type PortCall, portError } from '../ports/index.js';

/** A call that answers with what `run` makes of the moment it is run in. */
export const fakeCall =
  <A>(call: Call, run: () => Reading<A>): PortCall<A> =>
  (signal) =>
  async () =>
    signal.aborted ? E.left(portError('TimedOut', call, 'given up')) : run();
