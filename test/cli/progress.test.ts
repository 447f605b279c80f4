import * as O from 'fp-ts/lib/Option.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { showProgress } from '../../src/cli/progress.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const erased = '\r\u001b[K';

const watched = () => {
  const written: string[] = [];
  const { log, erase } = showProgress({ isWatched: true, err: (text) => written.push(text) });
  const observe = (count: number): void => {
    for (let index = 0; index < count; index += 1) {
      log.progress({ _tag: 'ItemObserved', run: 1, kind: 'container', id: `c${index}`, answered: true, errors: [] });
    }
  };
  return { written, log, erase, observe, line: () => written.at(-1)?.replace(erased, '') };
};

const listed = { _tag: 'Listed', run: 1, sandboxes: 200, containers: 990, images: 10 } as const;

describe('progress', () => {
  it('is told to nobody where nobody watches', () => {
    const written: string[] = [];
    const { log, erase } = showProgress({ isWatched: false, err: (text) => written.push(text) });
    log.progress(listed);
    vi.advanceTimersByTime(10_000);
    erase();
    expect(written).toStrictEqual([]);
  });

  it('is not shown of what is done at once, nor erased then', () => {
    const { written, log, erase, observe } = watched();
    log.progress(listed);
    observe(1_200);
    erase();
    vi.advanceTimersByTime(10_000);
    expect(written).toStrictEqual([]);
  });

  it('says how far it is, on one line', () => {
    const { written, log, observe, line, erase } = watched();
    vi.advanceTimersByTime(100);
    expect(line()).toBe('asking containerd what there is');
    log.progress(listed);
    observe(700);
    vi.advanceTimersByTime(100);
    expect(line()).toBe('reading 700 of 1200 items');
    observe(500);
    vi.advanceTimersByTime(100);
    expect(line()).toBe('all 1200 items read');
    erase();
    expect(written.at(-1)).toBe(erased);
    for (const text of written) expect(text.startsWith(erased)).toBe(true);
  });

  it('writes a few times a second, whatever the number of items', () => {
    const { written, log, observe } = watched();
    log.progress({ ...listed, containers: 10_000 });
    for (let second = 0; second < 2; second += 1) {
      for (let tick = 0; tick < 1_000; tick += 1) {
        observe(5);
        vi.advanceTimersByTime(1);
      }
    }
    expect(written.length).toBeGreaterThan(15);
    expect(written.length).toBeLessThanOrEqual(20);
  });

  it('says what is waited for, and how long by now', () => {
    const { written, log, observe, line } = watched();
    log.progress(listed);
    observe(1_197);
    vi.advanceTimersByTime(1_900);
    expect(line()).toBe('reading 1197 of 1200 items');
    vi.advanceTimersByTime(10_100);
    expect(line()).toBe('waiting for 3 of 1200 items, 12 s');
    expect(written.length).toBeLessThanOrEqual(13);
    observe(1);
    vi.advanceTimersByTime(100);
    expect(line()).toBe('reading 1198 of 1200 items');
  });

  it('says why, where the list of tasks has stalled', () => {
    const { log, observe, line } = watched();
    log.progress(listed);
    log.progress({ _tag: 'TaskListStalled', run: 1, afterMs: 2_500 });
    observe(1_197);
    vi.advanceTimersByTime(3_000);
    expect(line()).toBe('waiting for 3 of 1200 items, 3 s (a shim does not answer)');
  });

  it('says that containerd has not answered yet, and what comes after the last item', () => {
    const { log, observe, line } = watched();
    vi.advanceTimersByTime(4_000);
    expect(line()).toBe('asking containerd what there is, 4 s');
    log.progress(listed);
    observe(1_200);
    vi.advanceTimersByTime(5_000);
    expect(line()).toBe('all 1200 items read, 5 s since');
  });

  it('is about what was listed, and no news of anything else is any of it', () => {
    const { log, observe, line } = watched();
    log.progress({ _tag: 'RunBegan', run: 1, mode: 'observe', policy: O.none });
    log.progress(listed);
    observe(1_197);
    log.progress({ _tag: 'ItemObserved', run: 1, kind: 'directory', id: '/root', answered: true, errors: [] });
    vi.advanceTimersByTime(5_000);
    log.progress({ _tag: 'ItemObserving', run: 1, kind: 'container', id: 'late' });
    log.progress({ _tag: 'Changed', change: 'ConnectionLost' });
    vi.advanceTimersByTime(5_000);
    expect(line()).toBe('waiting for 3 of 1200 items, 10 s');
  });

  it('ends with what it is about', () => {
    const { written, log, erase } = watched();
    vi.advanceTimersByTime(100);
    erase();
    log.progress(listed);
    vi.advanceTimersByTime(10_000);
    expect(written.at(-1)).toBe(erased);
    expect(vi.getTimerCount()).toBe(0);
  });
});
