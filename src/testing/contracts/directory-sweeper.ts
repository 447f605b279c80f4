/** The contract of `DirectorySweeper`, seen through the reader beside it. */
import assert from 'node:assert/strict';
import type { PortError } from '../../core/failure.js';
import type { Base } from '../../core/observation.js';
import type { DirectoryReader, DirectorySweeper, PortCall } from '../../ports/index.js';
import { type Arrange, type Check, errorOf, type Operation, successOf } from './check.js';
import { heedsSignal } from './every-call.js';

/** What the checks need. */
export interface DirectorySweeperWorld {
  readonly port: DirectoryReader & DirectorySweeper;
  /** A base directory with an orphan in it, which may hold anything, and another directory. */
  readonly base: Base;
  readonly orphan: string;
  readonly other: string;
  /** Entries of it that are no directories themselves: a link to one, a file. */
  readonly others: ReadonlyArray<string>;
  /** What has been quarantined, and why. */
  readonly quarantined: () => Promise<ReadonlyArray<{ readonly name: string; readonly why: string }>>;
}

/** What every `DirectorySweeper` keeps. */
export const directorySweeperContract = (arrange: Arrange<DirectorySweeperWorld>): ReadonlyArray<Check> => [
  ...checksOf(arrange, 'remove', ({ port, base }, name) => port.remove(base, name)),
  ...checksOf(arrange, 'quarantine', ({ port, base }, name) => port.quarantine(base, name, why)),
  {
    name: 'directories remove: puts nothing into the quarantine',
    run: async () => {
      const { port, base, orphan, quarantined } = await arrange();
      await successOf(port.remove(base, orphan));
      assert.deepEqual(await quarantined(), []);
    },
  },
  {
    name: 'directories quarantine: keeps what was moved, with the reason',
    run: async () => {
      const { port, base, orphan, quarantined } = await arrange();
      await successOf(port.quarantine(base, orphan, why));
      assert.deepEqual(await quarantined(), [{ name: orphan, why }]);
    },
  },
];

/** What both ways to be rid of a directory keep. */
const checksOf = (
  arrange: Arrange<DirectorySweeperWorld>,
  operation: string,
  sweep: (world: DirectorySweeperWorld, name: string) => PortCall<void>,
): ReadonlyArray<Check> => {
  const call: Operation = { port: 'directories', operation };
  const name = `directories ${operation}`;
  const refuses = async (entry: string, tag: PortError['_tag']): Promise<void> => {
    const world = await arrange();
    const before = await namesIn(world);
    const subject = `${world.port.path(world.base)}/${entry}`;
    await errorOf(sweep(world, entry), { ...call, tag: [tag], subject });
    assert.deepEqual(await namesIn(world), before);
    assert.deepEqual(await world.quarantined(), []);
  };
  return [
    ...heedsSignal(arrange, call, (world) => sweep(world, world.orphan)),
    {
      name: `${name}: takes the directory away and leaves all others`,
      run: async () => {
        const world = await arrange();
        const before = await namesIn(world);
        await successOf(sweep(world, world.orphan));
        assert.deepEqual(
          await namesIn(world),
          before.filter((entry) => entry !== world.orphan),
        );
        assert.ok(before.includes(world.other));
      },
    },
    {
      name: `${name}: takes nothing away when the signal has fired before`,
      run: async () => {
        const world = await arrange();
        await errorOf(sweep(world, world.orphan), { ...call, tag: ['TimedOut'] }, AbortSignal.abort());
        assert.ok((await namesIn(world)).includes(world.orphan));
      },
    },
    {
      name: `${name}: NotFound for what is not there, the second time included`,
      run: async () => {
        const world = await arrange();
        await successOf(sweep(world, world.orphan));
        await errorOf(sweep(world, world.orphan), { ...call, tag: ['NotFound'] });
        await errorOf(sweep(world, 'never-was'), { ...call, tag: ['NotFound'] });
      },
    },
    {
      name: `${name}: Corrupt for an entry that is no directory itself, which stays`,
      run: async () => {
        for (const entry of (await arrange()).others) await refuses(entry, 'Corrupt');
      },
    },
    {
      name: `${name}: Denied for a name that is not one path segment`,
      run: async () => {
        const { other } = await arrange();
        for (const entry of [
          '',
          '.',
          '..',
          `../${other}`,
          `./${other}`,
          `${other}/`,
          `/${other}`,
          `${other}\0`,
          '\ud800',
        ])
          await refuses(entry, 'Denied');
      },
    },
  ];
};

const namesIn = async ({ port, base }: DirectorySweeperWorld): Promise<ReadonlyArray<string>> =>
  (await successOf(port.list(base))).map(({ name }) => name).toSorted();

const why = 'nobody knows it';
