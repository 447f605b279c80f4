/** The CRI plugin's directories of a make-believe node, with a checkpoint for every container. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { namespace } from '../measure/place.js';
import { type ContainerKind, idsOfLength, kindOf, podCount } from './item-mix.js';

const ids = idsOfLength(64);

/** Makes `root` and `state` below an existing directory, and the bundles of tasks where containerd has them. */
export const makeRoot = (directory: string, containers: number): { readonly root: string; readonly state: string } => {
  const root = join(directory, 'root', 'io.containerd.grpc.v1.cri');
  const state = join(directory, 'state', 'io.containerd.grpc.v1.cri');
  const all = [...Array(containers).keys()];
  const podIds = [...Array(podCount(containers)).keys()].map(ids.pod);
  const running = all.filter((index) => kindOf(index) === 'running').map(ids.container);
  for (const area of [root, state]) {
    makeEach(join(area, 'sandboxes'), podIds);
    makeEach(join(area, 'containers'), all.map(ids.container));
  }
  makeEach(join(directory, 'state', 'io.containerd.runtime.v2.task', namespace), [...podIds, ...running]);
  for (const index of all)
    writeFileSync(join(root, 'containers', ids.container(index), 'status'), checkpoints[kindOf(index)], {
      mode: 0o600,
    });
  return { root, state };
};

const makeEach = (directory: string, names: ReadonlyArray<string>): void => {
  mkdirSync(directory, { recursive: true });
  for (const name of names) mkdirSync(join(directory, name));
};

const checkpoint = (pid: number, startedAt: string, finishedAt: string): string =>
  `{"Version":"v1","Pid":${pid},"CreatedAt":1714550400123456789,"StartedAt":${startedAt},"FinishedAt":${finishedAt},"ExitCode":0,` +
  `"Reason":"${finishedAt === '0' ? '' : 'Completed'}","Message":"","Resources":null}`;

const checkpoints: Readonly<Record<ContainerKind, string>> = {
  running: checkpoint(4_711, '1714550401123456789', '0'),
  exited: checkpoint(0, '1714550401123456789', '1714550501123456789'),
  created: checkpoint(0, '0', '0'),
};
