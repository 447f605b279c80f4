import { getEventListeners } from 'node:events';
import { expect, test, vi } from 'vitest';
import { onAbort } from '../../src/ports/on-abort.js';

const listenersOf = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length;

test('all that wait for a signal are told in the order they came, each once, over one listener', () => {
  const controller = new AbortController();
  const told: string[] = [];
  for (const name of ['a', 'b', 'c']) onAbort(controller.signal, () => void told.push(name));
  expect(listenersOf(controller.signal)).toBe(1);
  controller.abort();
  controller.signal.dispatchEvent(new Event('abort'));
  expect(told).toEqual(['a', 'b', 'c']);
});

test('who waits no more is not told, and the last to go takes the listener along', () => {
  const controller = new AbortController();
  const told: string[] = [];
  const [leaveA, leaveB] = ['a', 'b'].map((name) => onAbort(controller.signal, () => void told.push(name)));
  leaveA?.();
  leaveA?.();
  expect(listenersOf(controller.signal)).toBe(1);
  leaveB?.();
  expect(listenersOf(controller.signal)).toBe(0);
  onAbort(controller.signal, () => void told.push('c'));
  leaveB?.();
  controller.abort();
  expect(told).toEqual(['c']);
});

test('one that is told may make another wait no more, and leave itself', () => {
  const controller = new AbortController();
  const told: string[] = [];
  const leave: Array<() => void> = [];
  const both = (): void => {
    told.push('first');
    for (const one of leave) one();
  };
  leave.push(onAbort(controller.signal, both));
  leave.push(onAbort(controller.signal, () => void told.push('second')));
  controller.abort();
  expect(told).toEqual(['first']);
  expect(listenersOf(controller.signal)).toBe(1);
});

test('signals have nothing to do with each other', () => {
  const [one, other] = [new AbortController(), new AbortController()];
  const told: string[] = [];
  onAbort(one.signal, () => void told.push('one'));
  onAbort(other.signal, () => void told.push('other'));
  one.abort();
  expect(told).toEqual(['one']);
});

test('one that throws keeps no other from being told', () => {
  const controller = new AbortController();
  const told: string[] = [];
  const later = vi.spyOn(globalThis, 'queueMicrotask').mockImplementation(() => undefined);
  onAbort(controller.signal, () => {
    throw new Error('its own affair');
  });
  onAbort(controller.signal, () => void told.push('other'));
  controller.abort();
  expect(told).toEqual(['other']);
  expect(later.mock.calls[0]?.[0]).toThrow('its own affair');
  later.mockRestore();
});
