/** Which calls a run makes, and which of them change the node. */
import type { Call } from '../../src/ports/index.js';
import type { FakeNode, FakePorts } from '../../src/testing/index.js';
import { aroundCalls } from '../../src/testing/port-calls.js';

export interface MadeCall {
  readonly call: Call;
  /** Whether it has changed the node. */
  readonly isWrite: boolean;
  /** The node as the call found it. */
  readonly before: FakeNode;
}

/** The same ports; every call that gets through to them is told to `note`. */
export const noting = (ports: FakePorts, note: (made: MadeCall) => void): FakePorts =>
  aroundCalls(ports, async (call, run) => {
    const before = ports.node();
    const answering = run();
    // A fake has done by now whatever it does.
    note({ call, isWrite: ports.node() !== before, before });
    return answering;
  });
