/** Brings containers into situations: first through the CRI, then, when the plugin is off, behind its back. */
import { type ContainerSpec, type TestNode, waitUntil } from '../harness/index.js';
import { type SituationName, situations } from './situations.js';

export interface PlacedContainer extends ContainerSpec {
  readonly situation: SituationName;
}

const exitsWith3: ReadonlyArray<string> = ['sh', '-c', 'exit 3'];

/** Makes a container as its situation wants it before anything is disturbed. Needs the CRI plugin. Resolves with its id. */
export const makeContainer = async (node: TestNode, pod: string, placed: PlacedContainer): Promise<string> => {
  const { situation, ...spec } = placed;
  const { made } = situations[situation];
  const id = await node.cri.createContainer(pod, made === 'exited' ? { command: exitsWith3, ...spec } : spec);
  if (made !== 'created') await node.cri.startContainer(id);
  if (made === 'exited') {
    await waitUntil(`${spec.name} exits`, async () => (await node.cri.containerStatus(id)).state === 'EXITED');
  }
  return id;
};

/** Does to the container what its situation says. The CRI plugin has to be off. */
export const disturbContainer = async (node: TestNode, id: string, situation: SituationName): Promise<void> => {
  for (const change of situations[situation].changes) await change(node, id);
};
