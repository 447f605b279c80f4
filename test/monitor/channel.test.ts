import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openChannel } from '../../src/monitor/channel.js';

const readAll = async <A>(values: AsyncIterable<A>): Promise<ReadonlyArray<A>> => {
  const read: A[] = [];
  for await (const value of values) read.push(value);
  return read;
};

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('a channel', () => {
  test('gives everything once and in order, however pushes, pauses and leaving readers are mixed', async () => {
    const mixed = fc.array(fc.constantFrom('push', 'push', 'let it be read', 'leave'), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(mixed, async (moves) => {
        const { push, end, values } = openChannel<number>();
        const read: number[] = [];
        const mayLeave = { at: 0 };
        const reader = (async () => {
          for (let hasEnded = false; !hasEnded; ) {
            hasEnded = true;
            for await (const value of values) {
              read.push(value);
              if (mayLeave.at === 0) continue;
              mayLeave.at -= 1;
              hasEnded = false;
              break;
            }
          }
        })();
        let pushed = 0;
        for (const move of moves) {
          if (move === 'push') {
            pushed += 1;
            push(pushed);
          } else if (move === 'leave') mayLeave.at += 1;
          else await settle();
        }
        end();
        push(-1);
        await reader;
        expect(read).toEqual(Array.from({ length: pushed }, (_, index) => index + 1));
      }),
    );
  });

  test('keeps what was pushed before anybody read, and gives it after the end too', async () => {
    const { push, end, values } = openChannel<string>();
    push('a');
    push('b');
    end();
    expect(await readAll(values)).toEqual(['a', 'b']);
    expect(await readAll(values)).toEqual([]);
  });

  test('ends who waits', async () => {
    const { end, values } = openChannel<string>();
    const reading = readAll(values);
    await settle();
    end();
    end();
    expect(await reading).toEqual([]);
  });

  test('wakes who waits for each of several values pushed one after the other', async () => {
    const { push, end, values } = openChannel<number>();
    const reading = readAll(values);
    for (const value of [1, 2, 3]) {
      await settle();
      push(value);
    }
    await settle();
    end();
    expect(await reading).toEqual([1, 2, 3]);
  });
});
