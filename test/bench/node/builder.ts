/** A real node that is filled through the CRI, step by step. */
import { type Release, TestNode } from '../../containerd/harness/index.js';
import { eachAtOnce } from '../measure/each-at-once.js';

/** How many containers there are in which state. */
export interface Population {
  readonly created: number;
  readonly running: number;
  readonly exited: number;
}

type State = keyof Population;

export interface Builder {
  readonly node: TestNode;
  readonly pods: number;
  /** Makes, starts, stops and removes containers until it is so. containerd has to run with its CRI plugin. */
  readonly reach: (population: Population) => Promise<void>;
}

/** Where making faster no longer helps: containerd's database takes one after the other. */
const width = 4;
const pods = 10;
const command = ['sleep', '2147483647'];

/** Gives `work` a node with ten pods on the host's network and no containers, with the CRI plugin at work, and leaves nothing of it behind. */
export const withBuilder = async (
  release: Release,
  signal: AbortSignal,
  work: (builder: Builder) => Promise<void>,
): Promise<void> => {
  const node = await TestNode.create(release);
  try {
    await node.start({ cri: true });
    const podIds: string[] = [];
    for (let index = 0; index < pods; index += 1)
      podIds.push(await node.cri.runPod({ name: `pod-${index}`, hostNetwork: true }));
    await work({ node, pods, reach: filler(node, podIds, signal) });
  } finally {
    await node.dispose();
  }
};

const filler = (node: TestNode, podIds: ReadonlyArray<string>, signal: AbortSignal): Builder['reach'] => {
  const ids: Record<State, string[]> = { created: [], running: [], exited: [] };
  let made = 0;
  const times = (count: number, work: () => Promise<void>): Promise<void> =>
    eachAtOnce(Array.from({ length: Math.max(0, count) }), width, async () => {
      signal.throwIfAborted();
      await work();
    });
  const move = (count: number, from: State, to: State | undefined, how: (id: string) => Promise<void>) =>
    times(count, async () => {
      const id = ids[from].pop();
      if (id === undefined) throw new Error(`there is no ${from} container left`);
      await how(id);
      if (to !== undefined) ids[to].push(id);
    });
  const make = async (): Promise<void> => {
    const name = `container-${made}`;
    const pod = podIds[made % podIds.length] ?? '';
    made += 1;
    ids.created.push(await node.cri.createContainer(pod, { name, command }));
  };

  return async (wanted) => {
    const missing = (state: State): number => wanted[state] - ids[state].length;
    await move(-missing('running'), 'running', 'exited', (id) => node.cri.stopContainer(id));
    await move(-missing('exited'), 'exited', undefined, (id) => node.cri.removeContainer(id));
    const toStart = missing('running') + missing('exited');
    await times(missing('created') + toStart, make);
    await move(toStart, 'created', 'running', (id) => node.cri.startContainer(id));
    await move(missing('exited'), 'running', 'exited', (id) => node.cri.stopContainer(id));
    await move(-missing('created'), 'created', undefined, (id) => node.cri.removeContainer(id));
  };
};
