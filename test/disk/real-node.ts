/** A whole node whose containerd is make-believe and whose disk is real: what the library makes of it, and what is on the disk then. */
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import fse from 'fs-extra';
import { encodeCheckpoint } from '../../src/codec/checkpoint.js';
import type { RecoveryFailure } from '../../src/core/failure.js';
import { openWritableDisk } from '../../src/disk/index.js';
import { type Plan, policies, type Report, recover, reportPlan } from '../../src/index.js';
import { fakeContainer, fakeNode, fakePorts, fakeSandbox } from '../../src/testing/index.js';
import { temporaryFolder } from './temporary-node.js';

export type PolicyName = 'careful' | 'containerd';

/** Containers whose task runs, with what is wrong with their checkpoint. */
export const living = ['sound', 'broken', 'bare'] as const;
/** Containers that have ended, or will be found to have. */
export const ended = ['vanished', 'stopped', 'exited'] as const;
export const containerIds = [...living, ...ended];
export const sandboxIds = ['pod', 'done'] as const;

const inPod = (id: string, rest: Partial<Parameters<typeof fakeContainer>[0]> = {}) =>
  fakeContainer({ id, sandboxId: 'pod', ...rest });

const node = fakeNode({
  sandboxes: [fakeSandbox({ id: 'pod' }), fakeSandbox({ id: 'done', task: 'absent', netns: 'host' })],
  containers: [
    inPod('sound'),
    inPod('broken'),
    inPod('bare'),
    inPod('vanished', { task: 'absent' }),
    inPod('stopped', { task: 'stopped' }),
    inPod('exited', { task: 'absent', checkpoint: 'EXITED' }),
  ],
});

export interface RealNode {
  readonly root: string;
  readonly state: string;
  /** Outside of both. */
  readonly outside: string;
  /** Recovers it; each time anew, with the tasks that the time before has left. */
  readonly recover: (policy: PolicyName, around?: Around) => Promise<E.Either<RecoveryFailure, Report>>;
  /** Ids of containers and sandboxes that have a task. */
  readonly tasks: () => ReadonlyArray<string>;
}

type Ports = ReturnType<typeof fakePorts>;
/** Changes the ports of a recovery. */
export type Around = (ports: Ports) => Ports;

/** In folders that may be mount points already. */
export const layOut = async (folder: string): Promise<RealNode> => {
  const [root, state, outside] = ['root', 'state', 'outside'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const fake = fakePorts({ ...node, location: { namespace: 'k8s.io', root, state } });
  for (const { record, checkpoint } of node.containers) {
    const { id } = record;
    for (const area of [root, state]) await fse.outputFile(join(area, 'containers', id, 'canary'), `canary of ${id}`);
    const status = join(root, 'containers', id, 'status');
    if (checkpoint._tag === 'Sound' && id !== 'bare')
      await fse.outputFile(status, encodeCheckpoint(checkpoint.checkpoint).slice(0, id === 'broken' ? 40 : undefined), {
        mode: 0o600,
      });
  }
  for (const { record } of node.sandboxes)
    for (const area of [root, state])
      await fse.outputFile(join(area, 'sandboxes', record.id, 'canary'), `canary of ${record.id}`);
  await fse.outputFile(join(root, 'containers', 'orphan', 'canary'), 'canary of the orphan');
  await fse.outputFile(join(state, 'containers', 'orphan', 'canary'), 'canary of the orphan');
  await fse.outputFile(join(outside, 'below', 'precious'), 'precious');
  return {
    root,
    state,
    outside,
    tasks: () =>
      [...fake.node().sandboxes, ...fake.node().containers].flatMap(({ task }) =>
        task === undefined ? [] : [task.id],
      ),
    recover: async (policy, around = (ports) => ports) => {
      const disk = await openWritableDisk({ root, state })();
      if (E.isLeft(disk)) return E.left({ _tag: 'NodeUnreadable', error: disk.left });
      const { checkpoints, directories, lock } = disk.right;
      const ports = around({ ...fake, checkpoints, directories, lock });
      const recovered = await recover({ policy: policies[policy], limits: { itemTimeoutMs: 20_000 } })(ports)();
      return E.map((plan: Plan) => reportPlan(plan, 0))(recovered);
    },
  };
};

export const realNode = async (): Promise<RealNode> => layOut(await temporaryFolder());

/** The checkpoint of each container as it is stored, by id; undefined where none can be read. */
export const storedCheckpoints = async ({ root }: RealNode): Promise<Readonly<Record<string, string | undefined>>> =>
  Object.fromEntries(
    await Promise.all(
      containerIds.map(async (id) => {
        const path = join(root, 'containers', id, 'status');
        const isFile = await fse.lstat(path).then(
          (stats) => stats.isFile(),
          () => false,
        );
        return [id, isFile ? await fse.readFile(path, 'utf8') : undefined] as const;
      }),
    ),
  );

/** The content of every file below a folder, through no link; none where there is no such folder. */
export const contentsBelow = async (folder: string): Promise<ReadonlyArray<string>> => {
  if (!(await fse.pathExists(folder))) return [];
  const entries = await fse.readdir(folder, { withFileTypes: true });
  const contents = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return contentsBelow(path);
      return entry.isFile() ? [await fse.readFile(path, 'utf8')] : [];
    }),
  );
  return contents.flat();
};

/** How many canaries are there, in place or in the quarantine. */
export const canariesOf = async ({ root, state }: RealNode): Promise<number> =>
  (await Promise.all([root, state].map(contentsBelow))).flat().filter((content) => content.startsWith('canary of'))
    .length;
