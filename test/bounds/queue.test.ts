import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeQueue } from '../../src/bounds/queue.js';

it('gives what was put in, in that order, and nothing when it is empty', () => {
  const steps = fc.array(fc.option(fc.integer()), { maxLength: 60 });
  fc.assert(
    fc.property(steps, (all) => {
      const queue = makeQueue<number>();
      const model: number[] = [];
      for (const step of all) {
        if (step === null) expect(queue.take()).toBe(model.shift());
        else {
          queue.push(step);
          model.push(step);
        }
        expect(queue.isEmpty()).toBe(model.length === 0);
      }
    }),
  );
});
