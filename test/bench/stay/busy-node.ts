/** A real node full of running containers, without its CRI plugin. */
import { type Release, TestNode } from '../../containerd/harness/index.js';

export interface Container {
  readonly id: string;
  readonly log: string;
  /** Of its first process, on the host. */
  readonly pid: number;
}

export interface BusyNode {
  readonly node: TestNode;
  readonly containers: ReadonlyArray<Container>;
}

const podCount = 20;

/** Runs `work` on a node of its own, with as many containers of this command, and leaves nothing of it behind. */
export const onBusyNode = async (
  { release, count, signal }: { readonly release: Release; readonly count: number; readonly signal: AbortSignal },
  command: ReadonlyArray<string>,
  work: (busy: BusyNode) => Promise<void>,
): Promise<void> => {
  const node = await TestNode.create(release);
  try {
    await node.start({ cri: true });
    const pods: string[] = [];
    for (let index = 0; index < Math.min(podCount, count); index += 1)
      pods.push(await node.cri.runPod({ name: `pod-${index}`, hostNetwork: true }));
    const containers: Container[] = [];
    for (let index = 0; index < count; index += 1) {
      signal.throwIfAborted();
      const id = await node.cri.createContainer(pods[index % pods.length] ?? '', {
        name: `container-${index}`,
        command,
      });
      await node.cri.startContainer(id);
      const { logPath, pid } = await node.cri.containerStatus(id);
      containers.push({ id, log: logPath, pid });
    }
    await node.restart({ cri: false });
    await work({ node, containers });
  } finally {
    await node.dispose();
  }
};
