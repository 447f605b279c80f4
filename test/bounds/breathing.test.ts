import { expect, it, vi } from 'vitest';
import { lettingOthersGo } from '../../src/bounds/breathing.js';

const busyFor = (ms: number): void => {
  for (const end = performance.now() + ms; performance.now() < end; );
};

it('goes on in order, and gives others a turn between however many wait', async () => {
  const goOn = lettingOthersGo();
  busyFor(10);
  const gone: number[] = [];
  let turns = 0;
  const turn = (): void => {
    turns += 1;
    if (gone.length < 40) setImmediate(turn);
  };
  setImmediate(turn);
  const all = Array.from({ length: 40 }, (_, index) => index);
  await Promise.all(
    all.map(
      (index) =>
        new Promise<void>((resolve) =>
          goOn(() => {
            busyFor(1);
            gone.push(index);
            resolve();
          }),
        ),
    ),
  );
  expect(gone).toEqual(all);
  expect(turns).toBeGreaterThan(3);
});

it('goes on at once while there is time, and after whoever waits already', async () => {
  const gone: string[] = [];
  const goOn = lettingOthersGo();
  goOn(() => void gone.push('at once'));
  expect(gone).toEqual(['at once']);
  busyFor(10);
  goOn(() => void gone.push('first'));
  goOn(() => void gone.push('second'));
  expect(gone).toEqual(['at once']);
  await new Promise((resolve) => setImmediate(resolve));
  expect(gone).toEqual(['at once', 'first', 'second']);
});

it('has one turn at a time, whoever asks for more of them while it goes on', async () => {
  const turns = vi.spyOn(globalThis, 'setImmediate');
  const goOn = lettingOthersGo();
  busyFor(10);
  let gone = 0;
  await new Promise<void>((resolve) => {
    const go = (): void => {
      busyFor(6);
      gone += 1;
      if (gone === 20) resolve();
      if (gone < 20) goOn(go);
    };
    goOn(go);
  });
  expect(turns).toHaveBeenCalledTimes(20);
  turns.mockRestore();
});
