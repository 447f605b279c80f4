import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LogLines, linesOf } from '../../src/stdio/log-lines.js';
import { type Remains, remainsOf, untorn } from '../../src/stdio/torn-lines.js';

const lines = (...texts: ReadonlyArray<string>): LogLines =>
  linesOf(
    'stdout',
    0n,
    texts.map((text) => ({ tag: 'F', text: Buffer.from(text) })),
  );

test('whatever a disk takes of what, all lines in the file are whole but the one that is owed, and the others are counted', () => {
  const write = fc.record({ texts: fc.array(fc.string({ maxLength: 5 }), { maxLength: 5 }), taken: fc.nat(200) });
  fc.assert(
    fc.property(fc.array(write, { maxLength: 6 }), (writes) => {
      let file = '';
      let remains: Remains = untorn;
      let [given, dropped] = [0, 0];
      for (const { texts, taken } of writes) {
        const next = lines(...texts);
        const bytes = Buffer.concat([remains.owed, next.bytes]);
        const written = Math.min(taken, bytes.length);
        file += bytes.subarray(0, written).toString('latin1');
        remains = remainsOf(remains, next, written);
        given += texts.length;
        dropped += remains.dropped;
        const whole = Buffer.concat([Buffer.from(file, 'latin1'), remains.owed]).toString('latin1');
        expect(whole === '' || whole.endsWith('\n')).toBe(true);
        expect(whole.split('\n').length - 1).toBe(given - dropped);
        expect(file.slice(0, file.length - remains.taken)).toMatch(/^$|\n$/);
        expect(remains.taken > 0).toBe(remains.owed.length > 0);
      }
    }),
  );
});

test('a line of which nothing arrived is dropped, not owed', () => {
  const three = lines('one', 'two', 'three');
  expect(remainsOf(untorn, three, three.ends[0] ?? 0)).toEqual({ ...untorn, dropped: 2 });
  expect(remainsOf(untorn, three, 0)).toEqual({ ...untorn, dropped: 3 });
  expect(remainsOf(untorn, three, three.bytes.length)).toEqual(untorn);
});
