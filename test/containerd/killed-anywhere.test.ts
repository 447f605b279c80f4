/**
 * `apply` and `watch` killed with SIGKILL at moments left to chance, again and again, with new trouble each time; and then an `apply` that nobody
 * kills. The node is then what a first undisturbed one would have made of it.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isAction } from '../../src/core/action.js';
import type { ContainerStatus } from '../../src/core/container-status.js';
import { createPlanner, type Plan } from '../../src/index.js';
import { applyTo } from './apply/apply-of.js';
import { describeReleases, letGo, shimsOf, waitUntil } from './harness/index.js';
import { type Chance, chanceFrom, killSeed } from './kills/chance.js';
import { gapsIn } from './kills/gaps.js';
import { type Doomed, type Killed, killInTime } from './kills/killed-command.js';
import { beginStart, endSome, makeMischief } from './kills/mischief.js';
import { longTail, type MixedNode, mixedNode, statusOf } from './kills/mixed-node.js';
import { expectDamageKept, expectFates, expectQuarantined, isNear, litterIn, pathsOf } from './kills/whole-node.js';
import { livePorts } from './plan/live-ports.js';
import { writtenLines } from './watch/log-of.js';
import { watchNode } from './watch/watch-of.js';

const killsWanted = Number(process.env.CRI_RECOVERY_KILLS ?? 17);
const killsInARow = 3;
/**
 * The most that a reader has in its hands: a piece of a pipe that it writes, one that it has read in advance, each with what Node buffers before it
 * stops reading, and the beginning of a line.
 */
const mostInHand = (64 + 16 + 64 + 16 + 16) * 1024;

describeReleases('killed at any moment', (release) => {
  // The same for all would be the same kills three times.
  const seed = killSeed + ['1.6', '1.7', '2.x'].indexOf(release.name);
  let mixed: MixedNode;
  let chance: Chance;
  let before: ReadonlySet<string>;
  const tally = { apply: 0, watch: 0, beforeActing: 0, midway: 0, whileStaying: 0, late: 0 };
  const kills = () => tally.apply + tally.watch;

  beforeAll(async () => {
    chance = chanceFrom(seed);
    mixed = await mixedNode(release, { waiting: killsWanted * 3, vanishing: 8, emptyPods: 5 });
    before = new Set(pathsOf(mixed.node.criRoot, mixed.node.criState));
    for (const counter of Object.values(mixed.counters)) letGo(counter);
  });

  afterAll(async () => {
    const shims = mixed === undefined ? [] : await shimsOf(mixed.node.socket);
    const idle = shims.filter(({ id }) => mixed.endedPods.has(id));
    console.info(
      `killed at any moment [${release.name}]: seed ${killSeed}, ${kills()} kills: ${JSON.stringify(tally)}, deletions cut short: ${mixed?.cutShort.length}, shims of ended pods: ${idle.length} of ${mixed?.endedPods.size}`,
    );
    await mixed?.node.dispose();
  });

  const planNow = async (): Promise<Plan> => {
    const { ports, close } = await livePorts(mixed.node);
    try {
      return await createPlanner(ports).plan();
    } finally {
      close();
    }
  };
  const actionsIn = ({ sandboxes, containers, images, orphans }: Plan) =>
    [...sandboxes, ...containers, ...images, ...orphans].flatMap(({ steps }) => steps.filter(isAction));

  const killOne = async (plan: Plan): Promise<Killed> => {
    const verb = chance.isLikely(0.5) ? 'apply' : 'watch';
    const stays = verb === 'watch' && chance.isLikely(0.5);
    const doomed: Doomed = {
      verb,
      // The first is the lock; a twentieth of all kills come before there is one.
      afterDeeds: stays ? chance.below(9) + 1 : chance.below(actionsIn(plan).length + 2),
      thenMs: chance.isLikely(0.5) ? 0 : chance.fraction() * 4,
      latestMs: !stays && chance.isLikely(0.15) ? chance.below(800) : 2_000,
      ...(stays && { whileItStays: () => endSome(mixed, chance) }),
    };
    const killed = await killInTime(mixed.node, doomed);
    if (!killed.byUs) {
      tally.late += 1;
      return killed;
    }
    tally[verb] += 1;
    if (killed.hasRecovered) tally.whileStaying += 1;
    else if (killed.deeds.length > 1) tally.midway += 1;
    else tally.beforeActing += 1;
    return killed;
  };

  test(`the node ends as if nobody had been (seed ${killSeed})`, { timeout: 120_000 }, async () => {
    while (kills() < killsWanted) {
      const planned = new Map<string, ContainerStatus>();
      for (let each = 0; each < killsInARow && kills() < killsWanted; each += 1) {
        const touched = await makeMischief(mixed, chance);
        const plan = await planNow();
        if (each === 0) for (const { record, status } of plan.containers) planned.set(record.id, status);
        else for (const id of touched) planned.delete(id);
        await killOne(plan);
      }
      const { code, report } = await applyTo(mixed.node);
      expect(code).toBe(0);
      await expectFates(mixed, report);
      await expectQuarantined(mixed);
      expectDamageKept(mixed);
      expect(litterIn(mixed, before)).toEqual([]);
      expect(actionsIn(await planNow())).toEqual([]);
      // Whatever became of a task that was made before.
      await beginStart(mixed);
      for (const [id, status] of planned) {
        const fate = mixed.fates.get(id);
        // What was planned before it ended in front of a watch, or with the moment of planning in it, is no more.
        if (fate?.is === 'vanished' || status.unknown || (fate?.is === 'exited' && status.finishedAt === 0n)) continue;
        const stored = await statusOf(mixed.node, id);
        // When a process started is told to the tick of a clock where the checkpoint had to be rebuilt.
        const startedAt = isNear(stored.startedAt, status.startedAt) ? status.startedAt : stored.startedAt;
        expect({ id, ...stored, startedAt }).toEqual({ id, ...status });
      }
    }
    expect(tally.midway).toBeGreaterThan(killsWanted / 6);
  });

  test('what running containers wrote is in their logs, in whole records, but for what the killed had in their hands', async () => {
    const { bursting, slow, long } = mixed.counters;
    const watching = await watchNode(mixed.node);
    for (const { log } of [bursting, slow, long]) {
      const there = writtenLines([log]).length;
      await waitUntil('it goes on', () => writtenLines([log]).length > there + 10);
    }
    expect(await watching.end()).toEqual({ code: 0, stderr: '' });
    const gaps = {
      bursting: gapsIn(writtenLines([bursting.log])),
      slow: gapsIn(writtenLines([slow.log])),
      long: gapsIn(writtenLines([long.log]), longTail),
    };
    for (const [name, found] of Object.entries(gaps)) {
      const most = Math.max(0, ...found.map(({ bytes }) => bytes));
      console.info(`[${release.name}] ${name}: ${found.length} gaps, at most ${most} bytes`);
      expect(found.length).toBeLessThanOrEqual(tally.watch);
      // Two kills in a row may make one gap.
      expect(found.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(tally.watch * mostInHand);
    }
  });
});
