import { expect, test } from 'vitest';
import { bootSecondOf, bootTimeWithin, hasEnded, startTicksOf } from '../../src/disk/proc-stat.js';

const fieldsFrom4To21 = '1 7 7 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0';

test('the start is the 22nd field, whatever the name of the process holds', () => {
  for (const name of ['sh', 'a b', ') S 1 2 3', '((', 'a)b)', ''])
    expect(startTicksOf(`7 (${name}) S ${fieldsFrom4To21} 4711 99 99`)).toBe(4711n);
});

test('a stat that ends early has no start', () => {
  expect(startTicksOf(`7 (sh) S ${fieldsFrom4To21}`)).toBeUndefined();
  expect(startTicksOf('')).toBeUndefined();
});

test('a process has ended when it is a zombie of one thread, whatever its name, and not while a thread of it goes on', () => {
  const statOf = (name: string, state: string, threads: number): string =>
    `7 (${name}) ${state} 1 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 ${threads} 0 4711 0`;
  for (const state of ['Z', 'X']) expect(hasEnded(statOf('a) S', state, 1))).toBe(true);
  for (const state of ['S', 'R', 'D', 'T']) expect(hasEnded(statOf(') Z 1', state, 1))).toBe(false);
  expect(hasEnded(statOf('node', 'Z', 2))).toBe(false);
});

test('the boot second stands on a line of its own', () => {
  expect(bootSecondOf('cpu 1 2\nctxt 5\nbtime 1714550400\nprocesses 9\n')).toBe(1714550400n);
  expect(bootSecondOf('cpu 1\nnbtime 5\n')).toBeUndefined();
});

test('the uptime tells the fraction of the boot second, and only that', () => {
  expect(bootTimeWithin(100n, 100_250)).toBe(100_250_000_000n);
  expect(bootTimeWithin(100n, 90_000)).toBe(100_000_000_000n);
  expect(bootTimeWithin(100n, 110_000)).toBe(100_999_999_999n);
});
