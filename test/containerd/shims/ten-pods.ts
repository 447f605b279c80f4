/** Ten pods of two containers each: one that tells what it is told to tell, and one that ends when it is told to. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { atGo, type FileSnapshot, type Release, snapshotFiles, TestNode } from '../harness/index.js';

export interface Pod {
  readonly id: string;
  /** Waits to be let go, writes `toldLines` numbers, and does nothing more. */
  readonly teller: Member;
  /** Waits to be let go, writes a last line, and ends with `endCode`. */
  readonly ender: Member;
}

export interface Member {
  readonly id: string;
  readonly pid: number;
  readonly log: string;
}

export const podCount = 10;
/** As much as a pipe holds nearly: 9 bytes a line. */
export const toldLines = 6_000;
export const firstTold = 10_000_000;
export const endCode = 7;

const tells = atGo(`seq ${firstTold} ${firstTold + toldLines - 1}; sleep 2147483647`);
const ends = atGo(`echo 'the last line'; exit ${endCode}`);

/** The node is the caller's to dispose of; containerd's CRI plugin is off. */
export const tenPods = async (release: Release): Promise<{ node: TestNode; pods: ReadonlyArray<Pod> }> => {
  const node = await TestNode.create(release);
  try {
    await node.start({ cri: true });
    const pods: Pod[] = [];
    for (let number = 0; number < podCount; number += 1) {
      const id = await node.cri.runPod({ name: `pod-${number}`, hostNetwork: true });
      const start = async (name: string, command: ReadonlyArray<string>): Promise<Member> => {
        const member = await node.cri.createContainer(id, { name, command });
        await node.cri.startContainer(member);
        const { pid, logPath: log } = await node.cri.containerStatus(member);
        return { id: member, pid, log };
      };
      const [teller, ender] = await Promise.all([start('teller', tells), start('ender', ends)]);
      pods.push({ id, teller, ender });
    }
    await node.restart({ cri: false });
    return { node, pods };
  } catch (error) {
    await node.dispose();
    throw error;
  }
};

export const idsOf = ({ id, teller, ender }: Pod): ReadonlyArray<string> => [id, teller.id, ender.id];

export const checkpointOf = (node: TestNode, { id }: Member): string => join(node.criRoot, 'containers', id, 'status');

/** Everything that recovery could destroy of a pod: its directories byte for byte, and its records. */
export const pictureOf = async (node: TestNode, pod: Pod): Promise<Readonly<Record<string, unknown>>> => {
  const directories = [node.criRoot, node.criState].flatMap((area) => [
    join(area, 'sandboxes', pod.id),
    ...[pod.teller, pod.ender].map(({ id }) => join(area, 'containers', id)),
  ]);
  const files: Array<readonly [string, FileSnapshot]> = [];
  for (const path of directories.filter((each) => existsSync(each))) files.push([path, await snapshotFiles(path)]);
  const records = await Promise.all(idsOf(pod).map((id) => node.engine.containers.get(id)));
  return { files, records };
};

/** When the checkpoint was written, in milliseconds since 1970. */
export const writtenAtMs = (node: TestNode, member: Member): number => statSync(checkpointOf(node, member)).mtimeMs;
