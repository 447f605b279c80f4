/** The same recovery by containerd's plugin, by this library and by the floor, on one node in turn. */
import type { TestNode } from '../../containerd/harness/index.js';
import type { FloorResult } from '../floor/messages.js';
import { runChild } from '../measure/child.js';
import { interleaved } from '../measure/interleaved.js';
import type { Place } from '../measure/place.js';
import type { RecoverInput, RecoverResult } from '../recover/messages.js';
import type { Builder, Population } from './builder.js';
import { pluginMs } from './plugin-time.js';

export interface Figures {
  readonly plugin: ReadonlyArray<number>;
  readonly careful: ReadonlyArray<RecoverResult>;
  readonly containerd: ReadonlyArray<RecoverResult>;
  readonly floor: ReadonlyArray<FloorResult>;
}

/**
 * In each round containerd is killed and recovers with its plugin, is killed and comes back without, and then is recovered by each in a process of
 * its own. Leaves containerd with its plugin. Fails where anything but the population comes out.
 */
export const measureRounds = async (
  builder: NodeWithPods,
  population: Population,
  rounds: number,
  signal: AbortSignal,
): Promise<Figures> => {
  const { node } = builder;
  const plugin: number[] = [];
  const measured = await interleaved(rounds, programsOn(builder, population, signal), async () => {
    signal.throwIfAborted();
    plugin.push(await timePlugin(node));
    await node.restart({ cri: false });
  });
  await node.restart({ cri: true });
  return { ...measured, plugin };
};

type NodeWithPods = Pick<Builder, 'node' | 'pods'>;

/** Each run in a process of its own. Fails where anything but the population comes out. */
export const programsOn = ({ node, pods }: NodeWithPods, population: Population, signal: AbortSignal) => {
  const place: Place = { address: node.socket, root: node.criRoot, state: node.criState };
  const recover = (policy: RecoverInput['policy']) => async (): Promise<RecoverResult> => {
    const input: RecoverInput = { ...place, policy };
    const result = await runChild<RecoverResult>('recover-process', input, { signal });
    expectRecovered(result, population, pods);
    return result;
  };
  const floor = async (): Promise<FloorResult> => {
    const result = await runChild<FloorResult>('floor-process', place, { signal });
    expectRead(result, population, pods);
    return result;
  };
  return { careful: recover('careful'), containerd: recover('containerd'), floor };
};

const timePlugin = async (node: TestNode): Promise<number> => {
  const { length } = node.log();
  await node.restart({ cri: true });
  return pluginMs(node.log().slice(length));
};

const expectRecovered = (result: RecoverResult, { created, running, exited }: Population, pods: number): void => {
  const { containers, sandboxes, failures } = result;
  const isRight =
    (containers.CREATED ?? 0) === created &&
    (containers.RUNNING ?? 0) === running &&
    (containers.EXITED ?? 0) === exited &&
    sandboxes.READY === pods &&
    failures === 0;
  if (!isRight) throw new Error(`not what is on the node: ${JSON.stringify({ containers, sandboxes, failures })}`);
};

const expectRead = (result: FloorResult, { created, running, exited }: Population, pods: number): void => {
  const { records, tasks, bundles, checkpoints } = result;
  const count = created + running + exited;
  if (records !== count + pods || tasks !== running + pods || bundles !== tasks || checkpoints !== count)
    throw new Error(`not what is on the node: ${JSON.stringify(result)}`);
};
