import { expect, test } from 'vitest';
import {
  fakeContainer,
  fakeId,
  fakeNode,
  fakePorts,
  recorded,
  refusingPorts,
  withFaults,
} from '../../src/testing/index.js';

const node = fakeNode({ containers: [fakeContainer({ id: 'nginx' })] });
const nginx = fakeId('nginx');
const signal = new AbortController().signal;

test('calls are kept in the order they began, with how they ended', async () => {
  const slow = withFaults(fakePorts(node), [
    { port: 'tasks', operation: 'get', effect: 'never' },
    { port: 'tasks', operation: 'list', effect: { error: 'TimedOut' } },
  ]);
  const { ports, calls } = recorded(slow);
  void ports.tasks.get(nginx)(signal)();
  await ports.tasks.list()(signal)();
  await ports.checkpoints.read(nginx)(signal)();
  expect(calls()).toEqual([
    { port: 'tasks', operation: 'get', subject: 'nginx', outcome: 'pending' },
    { port: 'tasks', operation: 'list', subject: '', outcome: 'TimedOut' },
    { port: 'checkpoints', operation: 'read', subject: 'nginx', outcome: 'ok' },
  ]);
});

test('a call is kept when it is run, as often as it is, and not when it is made', async () => {
  const { ports, calls } = recorded(fakePorts(node));
  const made = ports.tasks.get(nginx)(signal);
  expect(calls()).toEqual([]);
  await made();
  await made();
  expect(calls()).toHaveLength(2);
});

test('what is no call goes through unrecorded', () => {
  const fake = fakePorts(node);
  const { ports, calls } = recorded(fake);
  expect(ports.clock.now()).toBe(node.now);
  expect(ports.directories.path({ kind: 'container', area: 'root' })).toBe('/fake/root/containers');
  expect(ports.location).toEqual(node.location);
  ports.log.progress({ _tag: 'TaskListStalled', run: 1, afterMs: 1 });
  ports.change((before) => ({ ...before, now: 5n }));
  expect(fake.clock.now()).toBe(5n);
  expect(calls()).toEqual([]);
});

test('refusing ports throw at the first touch, whichever it is, and still say where the node is', () => {
  const ports = refusingPorts();
  expect(() => ports.tasks.list()).toThrow('tasks.list must not be called here');
  expect(() => ports.clock.now()).toThrow('clock.now must not be called here');
  expect(() => ports.exits.subscribe(signal)).toThrow('exits.subscribe must not be called here');
  expect(ports.location.namespace).toBe('k8s.io');
});
