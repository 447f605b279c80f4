import { join } from 'node:path';
import fse from 'fs-extra';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { LogTrouble } from '../../src/stdio/index.js';
import { remount, tmpfsAt } from '../disk/mounts.js';
import { whyNoMounts } from '../disk/privilege.js';
import { done, eventually, hold, linesOfLog, nginx, type Place, place } from './fifos.js';

interface SmallDisk extends Place {
  readonly troubles: ReadonlyArray<LogTrouble>;
  readonly disk: string;
}

/** A place whose log is on a file system of its own that is a few pages large. */
const onSmallDisk = async (): Promise<SmallDisk> => {
  const troubles: LogTrouble[] = [];
  const made = await place({ onTrouble: (trouble) => troubles.push(trouble) });
  const disk = join(made.folder, 'disk');
  await tmpfsAt(disk, '64k');
  return { ...made, disk, log: join(disk, 'log'), troubles };
};

const line = (number: number): string => `${String(number).padStart(4, '0')}${'x'.repeat(600)}\n`;
const noSpace = { id: nginx, error: { _tag: 'NoSpace', port: 'container-io', operation: 'write', subject: nginx } };

/** The numbers of the lines that are in a log, which must be well-formed. */
const numbersIn = (path: string): ReadonlyArray<number> =>
  linesOfLog(path).map((text) => {
    expect(text).toMatch(/^stdout F \d{4}x{600}$/);
    return Number(text.slice(9, 13));
  });

describe.skipIf(whyNoMounts !== undefined)(`a full disk (${whyNoMounts ?? 'as root'})`, () => {
  const count = 200;

  /** Writes more lines than fit; the container is not held back. */
  const overfill = async ({ io, stdio, log, troubles }: SmallDisk) => {
    await done(io.attach(nginx, stdio, log));
    const stdout = hold(stdio.stdout);
    for (let number = 0; number < count; number += 1) await stdout.write(line(number));
    await eventually(() => expect(troubles).toHaveLength(1));
    expect(troubles[0]).toMatchObject({ ...noSpace, phase: 'began' });
    return stdout;
  };

  test('what does not fit is dropped and counted, the line that is begun is completed, and it goes on', async () => {
    const small = await onSmallDisk();
    const { disk, log, troubles } = small;
    await fse.writeFile(join(disk, 'filler'), Buffer.alloc(30_000));
    const stdout = await overfill(small);
    const torn = await fse.readFile(log, 'latin1');
    expect(torn.endsWith('\n')).toBe(false);
    await fse.remove(join(disk, 'filler'));
    await eventually(async () => {
      await stdout.write(line(9999));
      expect(troubles).toHaveLength(2);
    });
    const written = numbersIn(log);
    const before = written.filter((number) => number < count);
    expect(before).toEqual(before.map((_, index) => index));
    expect((await fse.readFile(log, 'latin1')).startsWith(torn)).toBe(true);
    const dropped = troubles[1]?.dropped ?? 0;
    expect(troubles[1]).toMatchObject({ ...noSpace, phase: 'over' });
    expect(dropped).toBeGreaterThanOrEqual(count - before.length);
    // Some of the last line may have been dropped too, before the disk had room.
    await stdout.write('end\n');
    await eventually(() => expect(linesOfLog(log).at(-1)).toBe('stdout F end'));
    expect(troubles).toHaveLength(2);
  });

  test('a log that is closed on a full disk ends with a whole line, and the trouble is over', async () => {
    const small = await onSmallDisk();
    const { io, log, troubles } = small;
    await overfill(small);
    expect((await fse.readFile(log, 'latin1')).endsWith('\n')).toBe(false);
    await done(io.detach(nginx));
    const written = numbersIn(log);
    expect(written).toEqual(written.map((_, index) => index));
    expect(troubles).toHaveLength(2);
    expect(troubles[1]).toMatchObject({ ...noSpace, phase: 'over', dropped: count - written.length });
  });

  test('rotated on a full disk, both logs have whole lines only', async () => {
    const small = await onSmallDisk();
    const { io, log, folder, troubles } = small;
    const stdout = await overfill(small);
    const old = join(folder, 'disk', 'old');
    await fse.rename(log, old);
    await done(io.reopenLog(nginx));
    const written = numbersIn(old);
    expect(await fse.readFile(log, 'utf8')).toBe('');
    await fse.remove(old);
    await stdout.write(line(5555));
    await eventually(() => expect(numbersIn(log)).toEqual([5555]));
    await eventually(() => expect(troubles).toHaveLength(2));
    expect(troubles[1]).toMatchObject({ ...noSpace, phase: 'over', dropped: count - written.length });
  });

  test('a log that cannot be made is NoSpace, and the output stays in the pipe', async () => {
    const { io, stdio, disk, folder } = await onSmallDisk();
    const stdout = hold(stdio.stdout);
    await stdout.write(line(1));
    remount(disk, 'ro');
    const answer = await io.attach(nginx, stdio, join(disk, 'log'))(new AbortController().signal)();
    expect(answer).toMatchObject({ left: { _tag: 'NoSpace', operation: 'attach' } });
    await done(io.attach(nginx, stdio, join(folder, 'log')));
    await eventually(() => expect(numbersIn(join(folder, 'log'))).toEqual([1]));
  });
});

describe('a disk that fails otherwise', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test('what the embedder throws when it is told stops no container', async () => {
    const thrown: unknown[] = [];
    const note = (error: unknown) => void thrown.push(error);
    const others = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', note);
    const { io, stdio, log } = await place({
      onTrouble: () => {
        throw new Error('mine');
      },
    });
    const stdout = hold(stdio.stdout);
    await done(io.attach(nginx, stdio, log));
    vi.spyOn(fse, 'write').mockRejectedValueOnce(Object.assign(new Error('EIO: no'), { code: 'EIO' }));
    // Not through the function that fails.
    await fse.appendFile(stdio.stdout, 'lost\n');
    await eventually(() => expect(thrown).toHaveLength(1));
    await stdout.write('kept\n');
    await eventually(() => expect(linesOfLog(log)).toEqual(['stdout F kept']));
    await eventually(() => expect(thrown).toHaveLength(2));
    process.off('uncaughtException', note);
    for (const other of others) process.on('uncaughtException', other);
    expect(thrown).toEqual([new Error('mine'), new Error('mine')]);
  });
});
