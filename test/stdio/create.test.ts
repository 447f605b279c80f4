import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import fse from 'fs-extra';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fakeId } from '../../src/testing/index.js';
import { mountAt } from '../disk/mounts.js';
import { isRoot, whyNoMounts } from '../disk/privilege.js';
import { temporaryFolder } from '../disk/temporary-node.js';
import { done, nginx, openFiles, openIo, patient } from './fifos.js';

const plain = { tty: false, stdin: false };
const mode = (path: string): string => {
  const stats = statSync(path);
  return `${stats.isFIFO() ? 'p' : 'd'}${(stats.mode & 0o7777).toString(8)}`;
};

/** Puts a program of the given name in front of all others, and counts how often it is run. */
const replaceProgram = async (name: string, script: string): Promise<() => number> => {
  const folder = await temporaryFolder();
  const counter = join(folder, 'count');
  const real = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim();
  await fse.writeFile(join(folder, name), `#!/bin/sh\necho >> ${counter}\n${script.replaceAll('REAL', real)}\n`, {
    mode: 0o755,
  });
  const before = process.env.PATH;
  process.env.PATH = `${folder}${delimiter}${before}`;
  onTestFinished(() => {
    process.env.PATH = before;
  });
  return () => (fse.existsSync(counter) ? fse.readFileSync(counter, 'utf8').length : 0);
};

// What its owner may not enter, only root can fill.
const umasks = [0, 0o022, isRoot ? 0o777 : 0o077];
test.each(umasks)('directories and FIFOs have the modes of containerd under umask %o', async (umask) => {
  const state = join(await temporaryFolder(), 'new', 'state');
  const io = openIo({ state });
  const before = process.umask(umask);
  onTestFinished(() => void process.umask(before));
  const { stdin, stdout, stderr } = await done(io.create(nginx, { tty: true, stdin: true }));
  process.umask(before);
  expect(stdout).toMatch(new RegExp(`^${state}/containers/nginx/io/[0-9a-f]+/nginx-stdout$`));
  expect([stdin, stdout, stderr].map(mode)).toEqual(['p700', 'p700', 'p700']);
  const directories = ['', 'containers', 'containers/nginx', 'containers/nginx/io'].map((name) => join(state, name));
  expect([...directories, join(stdout, '..')].map(mode)).toEqual(['d755', 'd755', 'd755', 'd700', 'd700']);
});

test('FIFOs of calls made close together are made by one process, at most a hundred sets each', async () => {
  const count = await replaceProgram('mkfifo', 'exec REAL "$@"');
  const io = openIo({ state: await temporaryFolder() });
  const ids = Array.from({ length: 250 }, (_, index) => fakeId(`c${index}`));
  const before = openFiles().length;
  const sets = await Promise.all(ids.map((id) => done(io.create(id, { tty: false, stdin: true }))));
  expect(count()).toBe(3);
  expect(openFiles().length).toBe(before);
  for (const [index, { stdin, stdout, stderr }] of sets.entries())
    expect([stdin, stdout, stderr].map((path) => `${path.includes(`/c${index}/io/`)} ${mode(path)}`)).toEqual([
      'true p700',
      'true p700',
      'true p700',
    ]);
});

test('where some FIFOs cannot be made only their containers fail, and keep what they had', async () => {
  const state = await temporaryFolder();
  const io = openIo({ state });
  const [bad, good] = [fakeId('bad'), fakeId('good')];
  const had = await done(io.create(bad, plain));
  await replaceProgram(
    'mkfifo',
    `shift 3; for path; do case "$path" in
      */bad-stderr) echo "mkfifo: cannot create fifo '$path': No space left on device" >&2;;
      *) REAL -m 0700 -- "$path";; esac; done; exit 1`,
  );
  const answers = await Promise.all([bad, good].map((id) => io.create(id, plain)(patient())()));
  expect(answers[0]).toMatchObject(
    E.left({ _tag: 'NoSpace', port: 'container-io', operation: 'create', subject: bad }),
  );
  expect(E.isLeft(answers[0] as never) && answers[0]).toMatchObject({
    left: { message: "its FIFOs were not made: mkfifo: cannot create fifo 'bad-stderr': No space left on device" },
  });
  expect(E.isRight(answers[1] as never)).toBe(true);
  expect(await fse.readdir(join(state, 'containers', 'bad', 'io'))).toEqual([had.stdout.split('/').at(-2)]);
});

test('without a program that makes FIFOs the call fails, and leaves nothing', async () => {
  const state = await temporaryFolder();
  const io = openIo({ state });
  const before = process.env.PATH;
  process.env.PATH = '/nowhere';
  onTestFinished(() => {
    process.env.PATH = before;
  });
  expect(await io.create(nginx, plain)(patient())()).toMatchObject(E.left({ _tag: 'Unexpected' }));
  expect(await fse.readdir(join(state, 'containers', 'nginx', 'io'))).toEqual([]);
});

test('earlier attempts go, whatever is in them, and nothing else; no link is followed', async () => {
  const folder = await temporaryFolder();
  const state = join(folder, 'state');
  const at = (...names: ReadonlyArray<string>) => join(state, 'containers', 'nginx', 'io', ...names);
  const precious = join(folder, 'precious');
  await fse.outputFile(join(precious, 'file'), 'x');
  await fse.outputFile(at('1', 'file'), 'x');
  await fse.symlink(precious, at('1', 'link'));
  await fse.symlink(join(precious, 'file'), at('1', 'nginx-stdout'));
  await fse.symlink(precious, at('link'));
  await fse.outputFile(at('deep', 'er', 'file'), 'x');
  await fse.outputFile(at('file'), 'x');
  await fse.mkdirp(at('empty'));
  await fse.outputFile(join(state, 'containers', 'other', 'io', '1', 'file'), 'x');
  const { stdout } = await done(openIo({ state }).create(nginx, plain));
  expect((await fse.readdir(at())).sort()).toEqual([stdout.split('/').at(-2), 'deep', 'file', 'link'].sort());
  expect(await fse.readdir(precious)).toEqual(['file']);
  expect(await fse.pathExists(at('deep', 'er', 'file'))).toBe(true);
  expect(await fse.pathExists(join(state, 'containers', 'other', 'io', '1', 'file'))).toBe(true);
});

test.each(['containers', 'containers/nginx', 'containers/nginx/io'])(
  'a link in the place of %s is Corrupt, and nothing is made behind it',
  async (name) => {
    const folder = await temporaryFolder();
    const state = join(folder, 'state');
    const elsewhere = join(folder, 'elsewhere');
    await fse.outputFile(join(elsewhere, '1', 'file'), 'x');
    await fse.mkdirp(join(state, name, '..'));
    await fse.symlink(elsewhere, join(state, name));
    const before = openFiles().length;
    expect(await openIo({ state }).create(nginx, plain)(patient())()).toMatchObject(
      E.left({ _tag: 'Corrupt', message: expect.not.stringContaining('/proc') }),
    );
    expect(await fse.readdir(elsewhere)).toEqual(['1']);
    expect(openFiles().length).toBe(before);
  },
);

test('the state directory may be reached through a link, which is the operator’s', async () => {
  const folder = await temporaryFolder();
  await fse.mkdirp(join(folder, 'real'));
  await fse.symlink('real', join(folder, 'state'));
  const { stdout } = await done(openIo({ state: join(folder, 'state') }).create(nginx, plain));
  expect(stdout.startsWith(join(folder, 'state', 'containers'))).toBe(true);
  expect(mode(stdout)).toBe('p700');
});

test('a create that is given up at any moment leaves none of its own behind', async () => {
  const state = await temporaryFolder();
  const io = openIo({ state });
  let gaveUp = 0;
  for (let moment = 0; moment < 24; moment += 1) {
    const controller = new AbortController();
    const answer = io.create(nginx, plain)(controller.signal)();
    for (let tick = 0; tick < moment; tick += 1) await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    const isMade = E.isRight(await answer);
    if (!isMade) gaveUp += 1;
    // In its turn, when the call that was given up has ended.
    await done(io.detach(nginx));
    const made = join(state, 'containers', 'nginx', 'io');
    if (await fse.pathExists(made)) expect((await fse.readdir(made)).length).toBeLessThanOrEqual(isMade ? 1 : 0);
  }
  expect(gaveUp).toBeGreaterThan(5);
});

describe.skipIf(whyNoMounts !== undefined)(`with mounts (${whyNoMounts ?? 'as root'})`, () => {
  test('a mount in the place of an earlier attempt keeps what is in it', async () => {
    const folder = await temporaryFolder();
    const state = join(folder, 'state');
    const mounted = join(state, 'containers', 'nginx', 'io', 'mounted');
    await fse.outputFile(join(folder, 'precious', 'file'), 'x');
    await mountAt(mounted, '--bind', join(folder, 'precious'));
    await done(openIo({ state }).create(nginx, plain));
    expect(await fse.readdir(mounted)).toEqual(['file']);
  });

  test('where the disk has no room for all, those that fail leave nothing behind', async () => {
    const state = await temporaryFolder();
    await mountAt(state, '-t', 'tmpfs', '-o', 'nr_inodes=60', 'tmpfs');
    const io = openIo({ state });
    const ids = Array.from({ length: 20 }, (_, index) => fakeId(`c${index}`));
    const answers = await Promise.all(ids.map((id) => io.create(id, plain)(patient())()));
    const failed = answers.filter(E.isLeft);
    expect(failed.length).toBeGreaterThan(3);
    expect(failed.map(({ left }) => left._tag)).toEqual(failed.map(() => 'NoSpace'));
    const found = spawnSync('find', [state, '-path', '*/io/*', '-type', 'd'], { encoding: 'utf8' }).stdout;
    expect(found.split('\n').filter(Boolean).length).toBe(answers.length - failed.length);
  });
});
