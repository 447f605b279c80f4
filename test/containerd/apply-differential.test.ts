/**
 * The same situations recovered once by containerd's own CRI plugin and once by `apply --policy containerd` end the same, but for what
 * docs/differences.md lists. Two nodes are made alike; ids and times differ, so situations are compared by name, times and pids by origin.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readableText } from './apply/combinations.js';
import {
  addedFieldsRow,
  cutShortRow,
  type Ending,
  fifoRow,
  knownDifferences,
  ownStore,
  pinned,
  withoutAdded,
} from './apply/known-differences.js';
import { containerNames, podNames, type StoredImage } from './apply/outcome.js';
import { answers, type Recovered, recoverByApply, recoverByPlugin } from './apply/recovered.js';
import { type StagedNode, stageNode } from './apply/staged-node.js';
import { describeReleases, imageName } from './harness/index.js';
import { actionsOf, codesOf, itemOf } from './plan/plan-document.js';

const alike = containerNames.filter((name) => knownDifferences[name] === undefined);
const different = containerNames.filter((name) => knownDifferences[name] !== undefined);

/** The sandbox image loses the mark, which it has to have. */
const unpinned = (images: ReadonlyArray<StoredImage>): ReadonlyArray<StoredImage> =>
  images.map((image) => {
    if (image.name !== imageName) return image;
    const { [pinned.label]: pin, ...labels } = image.labels;
    expect(pin).toBe('pinned');
    return { ...image, labels };
  });

describeReleases('recovered by containerd and by apply', (release) => {
  const staged: StagedNode[] = [];
  let plugin: Recovered;
  let ours: Awaited<ReturnType<typeof recoverByApply>>;
  const id = (name: string): string => staged[1]?.ids.get(name) ?? name;

  beforeAll(async () => {
    const made = await Promise.allSettled([stageNode(release), stageNode(release)]);
    staged.push(...made.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
    const [one, other] = staged;
    if (one === undefined || other === undefined) throw new Error('a node could not be made', { cause: made });
    [plugin, ours] = await Promise.all([recoverByPlugin(one), recoverByApply(other)]);
  });

  afterAll(async () => {
    await Promise.all(staged.map(({ node }) => node.dispose()));
  });

  const endingOf = ({ statements, remainder, later }: Recovered, name: string): Ending => ({
    said: statements.containers.get(name),
    stored: remainder.checkpoints.get(name) ?? 'missing',
    files: remainder.files.get(name) ?? [],
    later: answers(name) ? later.containers.get(name) : undefined,
  });

  /** The plugin's, without the fields that it adds to any checkpoint it writes. */
  const pluginEnding = (name: string): Ending => {
    const ending = endingOf(plugin, name);
    const own = staged[0]?.own.get(staged[0].ids.get(name) ?? '') ?? '';
    return { ...ending, stored: withoutAdded(ending.stored, readableText(name, own)) };
  };

  test.each(alike)('a container with %s', (name) => {
    expect(endingOf(ours, name)).toEqual(pluginEnding(name));
  });

  test.each(different)('a container with %s, as far as it is listed', (name) => {
    const expected = knownDifferences[name]?.ours(pluginEnding(name));
    expect(endingOf(ours, name)).toEqual(expected);
    expect(expected).not.toEqual(pluginEnding(name));
  });

  test('nothing was loaded that is not in the tables, and most of it was', () => {
    const names = new Set(containerNames);
    for (const { containers } of [plugin.statements, ours.statements]) {
      expect([...containers.keys()].filter((name) => !names.has(name))).toEqual([]);
      expect(containers.size).toBeGreaterThan(85);
    }
  });

  test('containers end in every state, with times of every origin', () => {
    const said = [...plugin.statements.containers.values()];
    expect(new Set(said.map(({ state }) => state))).toEqual(new Set(['CREATED', 'RUNNING', 'EXITED', 'UNKNOWN']));
    const times = new Set(said.flatMap(({ createdAt, startedAt, finishedAt }) => [createdAt, startedAt, finishedAt]));
    expect([...times]).toEqual(expect.arrayContaining(['none', 'kept', 'exit', 'recovery']));
    expect(times.has('early exit')).toBe(release.name === '1.6');
  });

  describe('sandboxes', () => {
    const isOwn = (name: string): boolean => ownStore.releases.includes(release.name) && ownStore.pods.includes(name);

    test.each(podNames)('the %s', (name) => {
      const [theirs, mine] = [plugin.statements.pods.get(name), ours.statements.pods.get(name)];
      if (!isOwn(name)) return expect(mine).toEqual(theirs);
      expect([theirs?.state, mine]).toEqual(['NOTREADY', undefined]);
    });

    test.each(podNames.filter(answers))('the %s, when the plugin comes back', (name) => {
      expect(ours.later.pods.get(name)?.state).toEqual(plugin.later.pods.get(name)?.state);
    });

    test('one whose shim hangs is killed as far as that goes, and UNKNOWN', () => {
      const hung = itemOf(ours.report.sandboxes, id('pod hung'));
      expect(hung).toMatchObject({ state: 'UNKNOWN', actions: [{ action: 'delete-task', outcome: 'failed' }] });
      expect(codesOf(hung)).toContain('task-not-deleted');
    });
  });

  test('the tasks that are left', () => {
    expect(ours.tasks).toEqual(plugin.tasks);
    expect(new Set(Object.values(ours.tasks))).toEqual(new Set(['none', 'running', 'paused']));
  });

  test('the directories that are left', () => {
    const made = different.filter((name) => name.endsWith('without its directory'));
    const theirs = plugin.remainder.bases;
    const containers = [...(theirs['root/containers'] ?? []), ...made].sort();
    expect(ours.remainder.bases).toEqual({ ...theirs, 'root/containers': containers });
    expect(Object.values(theirs).flat()).toEqual(expect.arrayContaining(['a-file', 'a-link']));
    expect(
      Object.values(theirs)
        .flat()
        .filter((name) => /left-behind|still-mounted|removed|with a link/.test(name)),
    ).toEqual([]);
  });

  test('what links led to', () => {
    for (const { node } of staged) expect(readFileSync(`${node.directory}/outside/kept`, 'utf8')).toMatch(/not to be/);
  });

  test('names and labels of the images that are left', () => {
    const theirs = pinned.releases.includes(release.name) ? unpinned(plugin.remainder.images) : plugin.remainder.images;
    expect(ours.remainder.images).toEqual(theirs);
    expect(theirs.map(({ name }) => name)).toEqual(expect.arrayContaining(['id of whole', 'id of packed']));
    expect(theirs.map(({ name }) => name)).not.toContain('id of headless');
  });

  test('names and labels of the images, when the plugin comes back', () => {
    const theirs = pinned.neverAgain.includes(release.name) ? unpinned(plugin.later.images) : plugin.later.images;
    expect(ours.later.images).toEqual(theirs);
  });

  test('the FIFOs that are left', () => {
    const theirs = plugin.remainder.fifoSets;
    const { containers: said } = plugin.statements;
    for (const [name, sets] of Object.entries(ours.remainder.fifoSets)) {
      const isNew = name.startsWith('absent task') && said.get(name)?.state === 'CREATED';
      const isDeleted = name.startsWith('stopped task') || (name.startsWith('ended task') && release.name === '1.6');
      expect([name, sets]).toEqual([name, (theirs[name] ?? 0) + (isNew ? -1 : isDeleted ? 1 : 0)]);
    }
  });

  test('apply did what it had to, and says that not all of it was possible', () => {
    expect(ours.code).toBe(1);
    const { containers, failures } = ours.report;
    for (const container of containers) expect(actionsOf(container)).toContain('write-checkpoint');
    expect(
      failures
        .filter(({ tag }) => tag === 'CheckpointWriteFailed')
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['absent', 'running', 'stopped'].map((task) => id(`${task} task, a directory`)).sort());
  });
});

test('every known difference is in the document, and no other', () => {
  const document = readFileSync(new URL('../../docs/differences.md', import.meta.url), 'utf8');
  const rows = [...document.matchAll(/^\| (?!situation|---)(.+?) \|/gm)].map(([, row]) => row);
  const known = Object.values(knownDifferences).map(({ row }) => row);
  expect(new Set(rows)).toEqual(new Set([...known, addedFieldsRow, ownStore.row, pinned.row, fifoRow, cutShortRow]));
});
