import { dirname, join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import fse from 'fs-extra';
import { expect, test } from 'vitest';
import type { PortError } from '../../src/core/failure.js';
import { openDisk } from '../../src/disk/index.js';
import { temporaryFolder } from './temporary-node.js';

const refusal = async (root: string, state: string): Promise<PortError | undefined> => {
  const opened = await openDisk({ root, state })();
  return E.isLeft(opened) ? opened.left : undefined;
};

test('a root that holds sandboxes or containers or nothing is opened', async () => {
  const folder = await temporaryFolder();
  await fse.mkdirp(join(folder, 'one', 'sandboxes'));
  await fse.mkdirp(join(folder, 'other', 'containers'));
  await fse.mkdirp(join(folder, 'other', 'lost+found'));
  await fse.mkdirp(join(folder, 'new'));
  for (const name of ['one', 'other', 'new'])
    expect(await refusal(join(folder, name), join(folder, 'state'))).toBeUndefined();
});

test('a state directory that is missing is fine, and is not made', async () => {
  const folder = await temporaryFolder();
  await fse.mkdirp(join(folder, 'root', 'containers'));
  expect(await refusal(join(folder, 'root'), join(folder, 'run', 'state'))).toBeUndefined();
  expect(await fse.readdir(folder)).toEqual(['root']);
});

test('a root that does not exist, or is a file, or somebody else’s directory is refused and said to be', async () => {
  const folder = await temporaryFolder();
  const state = join(folder, 'state');
  await fse.outputFile(join(folder, 'file'), '');
  await fse.mkdirp(join(folder, 'etc', 'passwd'));
  expect(await refusal(join(folder, 'none'), state)).toMatchObject({ _tag: 'NotFound', subject: join(folder, 'none') });
  expect(await refusal(join(folder, 'file'), state)).toMatchObject({ _tag: 'Corrupt' });
  const wrong = await refusal(join(folder, 'etc'), state);
  expect(wrong).toMatchObject({
    _tag: 'Corrupt',
    port: 'directories',
    operation: 'open',
    subject: join(folder, 'etc'),
  });
  expect(wrong?.message).toMatch(/sandboxes and containers/);
  expect(wrong?.message).not.toContain('\n');
});

test('a state that is a file, or lies below one, is refused', async () => {
  const folder = await temporaryFolder();
  await fse.outputFile(join(folder, 'file'), '');
  await fse.mkdirp(join(folder, 'root'));
  const root = join(folder, 'root');
  expect(await refusal(root, join(folder, 'file'))).toMatchObject({ _tag: 'Corrupt', subject: join(folder, 'file') });
  expect(await refusal(root, join(folder, 'file', 'state'))).toBeDefined();
});

test('a root in place of the state is refused, told by its checkpoints', async () => {
  const folder = await temporaryFolder();
  const [root, state] = [join(folder, 'root'), join(folder, 'state')];
  for (const id of ['a', 'b']) await fse.mkdirp(join(state, 'containers', id, 'io'));
  await fse.mkdirp(join(root, 'containers', 'a'));
  await fse.outputFile(join(root, 'containers', 'b', 'status'), '{}');
  expect(await refusal(root, state)).toBeUndefined();
  const swapped = await refusal(state, root);
  expect(swapped).toMatchObject({ _tag: 'Corrupt', operation: 'open', subject: root });
  expect(swapped?.message).toBe('the state directory was expected; this one holds checkpoints, as a root does');
});

test('whatever else lies in a state directory is no reason to refuse it', async () => {
  const folder = await temporaryFolder();
  await fse.mkdirp(join(folder, 'root', 'containers'));
  const containers = join(folder, 'state', 'containers');
  const link = async (target: string, path: string): Promise<void> => {
    await fse.mkdirp(dirname(path));
    await fse.symlink(target, path);
  };
  const put: ReadonlyArray<() => Promise<void>> = [
    () => fse.outputFile(join(containers, 'stray'), ''),
    () => link('loop', join(containers, 'loop')),
    () => link('/etc/passwd', join(containers, 'link')),
    () => fse.outputFile(containers, ''),
    () => link('nowhere', containers),
    () => link('containers', containers),
  ];
  for (const one of put) {
    await fse.remove(join(folder, 'state'));
    await one();
    expect(await refusal(join(folder, 'root'), join(folder, 'state'))).toBeUndefined();
  }
});

test('relative paths are taken from where the process is, once', async () => {
  const folder = await temporaryFolder();
  await fse.mkdirp(join(folder, 'root'));
  const before = process.cwd();
  const relative = join('..', '..', '..', '..', '..', '..', '..', '..', folder, 'root');
  const opened = await openDisk({ root: relative, state: 'state' })();
  if (E.isLeft(opened)) throw new Error(opened.left.message);
  const { path } = opened.right.directories;
  expect(path({ kind: 'container', area: 'root' })).toBe(join(folder, 'root', 'containers'));
  expect(path({ kind: 'sandbox', area: 'state' })).toBe(join(before, 'state', 'sandboxes'));
});

test('nothing is looked at before the task is run', async () => {
  const folder = await temporaryFolder();
  const open = openDisk({ root: join(folder, 'root'), state: join(folder, 'state') });
  await fse.mkdirp(join(folder, 'root'));
  expect(E.isRight(await open())).toBe(true);
});

test.each(['', 'state', '..'])(
  'a state and a root that lie in one another are refused: state is root/%s',
  async (below) => {
    const folder = await temporaryFolder();
    const root = join(folder, 'outer', 'root');
    await fse.mkdirp(join(root, 'containers'));
    await fse.mkdirp(join(root, below));
    expect(await refusal(root, join(root, below))).toMatchObject({ _tag: 'Corrupt', subject: join(root, below) });
  },
);
