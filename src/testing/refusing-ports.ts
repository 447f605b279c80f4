/** Ports for tests that must not touch them. */
import type { Ports } from '../ports/index.js';
import { fakeNode } from './build-node.js';
import { fakePorts } from './fake-ports.js';
import { mapOperations } from './port-calls.js';

/**
 * Ports that throw when a call is so much as made; take out of them what may not be touched.
 *
 * @example
 * const ports = { ...fakePorts(fakeNode()), tasks: refusingPorts().tasks };
 * assert.throws(() => ports.tasks.list(), /tasks.list must not be called/);
 */
export const refusingPorts = (): Ports => {
  const { location, ...ports } = fakePorts(fakeNode());
  const refused = mapOperations(ports, (port, operation) => () => {
    throw new Error(`${port}.${operation} must not be called here`);
  });
  return { location, ...refused };
};
