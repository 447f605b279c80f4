/** A node with a container in every state that a recovery meets, and enough of each to make new trouble with again and again. */
import { readFileSync } from 'node:fs';
import * as E from 'fp-ts/lib/Either.js';
import { expect } from 'vitest';
import { decodeCheckpoint } from '../../../src/codec/checkpoint.js';
import type { ContainerStatus } from '../../../src/core/container-status.js';
import {
  atGo,
  type Exit,
  halfCreatedTask,
  pauseTask,
  type Release,
  readCheckpoint,
  TestNode,
  waitUntil,
} from '../harness/index.js';
import type { Quarantinable } from './mischief.js';

/** What a container has to be in the end, whoever was killed on the way. */
export type Fate =
  /** Its process, the very same, in a task of this status. */
  | { readonly is: 'alive'; readonly process: Process; readonly started: ContainerStatus; readonly task: string }
  /** By its own code; what containerd knows of the exit is asked for before anybody else can. */
  | { readonly is: 'exited'; readonly code: number; readonly exit: Promise<Exit> }
  /** Its task was deleted behind everybody's back. */
  | { readonly is: 'vanished'; readonly after: bigint }
  /** Not a byte of its checkpoint is another. */
  | { readonly is: 'untouched'; readonly bytes: Buffer; readonly task: string; readonly state: string };

export interface Process {
  readonly pid: number;
  /** By which it is told from a later one with its pid. */
  readonly startTicks: string;
}

export interface MixedNode {
  readonly node: TestNode;
  readonly fates: Map<string, Fate>;
  /** Containers that end with a code of their own when they are told to, and have not been told yet. */
  readonly waiting: Array<{ readonly id: string; readonly code: number }>;
  /** Containers whose task may be deleted, and have one yet. */
  readonly vanishing: string[];
  /** Containers that run for ever and whose checkpoints may be damaged. */
  readonly steady: ReadonlyArray<string>;
  /** A container that somebody begins to start again and again. */
  readonly startable: string;
  readonly counters: Readonly<Record<'bursting' | 'slow' | 'long', { readonly log: string; readonly pid: number }>>;
  readonly pods: ReadonlyArray<string>;
  /** Pods without containers, whose task runs yet. */
  readonly emptyPods: string[];
  readonly endedPods: Set<string>;
  readonly orphans: Quarantinable[];
  readonly damage: Map<string, Damage>;
  /** Tasks that containerd could not forget, because whoever had them deleted was killed meanwhile. */
  readonly cutShort: string[];
}

export interface Damage {
  /** All that has been written in place of the checkpoint. */
  readonly texts: ReadonlyArray<string>;
  /** What was last in its place, unless that was taken away. */
  readonly last: string | undefined;
}

/** Where the numbers of the counters begin, so that they all have eight digits. */
export const firstNumber = 10_000_000;
/** What follows the number in a line of the counter with long lines. */
export const longTail = 'x'.repeat(20_000);

const counts = (script: string): ReadonlyArray<string> => atGo(`i=${firstNumber}; ${script}`);
const counting = {
  bursting: counts('while true; do seq $i $((i+1999)); i=$((i+2000)); usleep 20000; done'),
  slow: counts('while true; do echo $i; i=$((i+1)); usleep 2000; done'),
  long: counts(
    `x=$(head -c ${longTail.length} /dev/zero | tr '\\0' x); while true; do echo $i$x; i=$((i+1)); usleep 50000; done`,
  ),
} as const;
const endsWith = (code: number): ReadonlyArray<string> => [
  'sh',
  '-c',
  `trap 'exit ${code}' TERM; sleep 2147483647 & wait`,
];

/** So many containers that end, and so many whose tasks are deleted. */
export interface Supplies {
  readonly waiting: number;
  readonly vanishing: number;
  readonly emptyPods: number;
}

/** The node is the caller's to dispose of; containerd's CRI plugin is off. */
export const mixedNode = async (release: Release, supplies: Supplies): Promise<MixedNode> => {
  const node = await TestNode.create(release);
  try {
    await node.start({ cri: true });
    const runPod = (name: string): Promise<string> => node.cri.runPod({ name, hostNetwork: true });
    const pods = await Promise.all(['one', 'two', 'three'].map(runPod));
    const emptyPods = await Promise.all(
      Array.from({ length: supplies.emptyPods }, (_, each) => runPod(`empty-${each}`)),
    );
    let made = 0;
    const create = async (name: string, command?: ReadonlyArray<string>): Promise<string> => {
      made += 1;
      return node.cri.createContainer(pods[made % pods.length] ?? '', { name, ...(command && { command }) });
    };
    const start = async (name: string, command?: ReadonlyArray<string>): Promise<string> => {
      const id = await create(name, command);
      await node.cri.startContainer(id);
      return id;
    };
    const several = (count: number, makeOne: (each: number) => Promise<string>): Promise<string[]> =>
      Promise.all(Array.from({ length: count }, (_, each) => makeOne(each)));

    const waiting = await several(supplies.waiting, (each) => start(`waiting-${each}`, endsWith(1 + each)));
    const vanishing = await several(supplies.vanishing, (each) => start(`vanishing-${each}`));
    const steady = await several(4, (each) => start(`steady-${each}`));
    const counter = async (name: keyof typeof counting) => {
      const id = await start(name, counting[name]);
      const { logPath: log, pid } = await node.cri.containerStatus(id);
      return { id, log, pid };
    };
    const counters = { bursting: await counter('bursting'), slow: await counter('slow'), long: await counter('long') };
    const paused = await start('paused');
    const odd = await start('odd');
    const created = await create('created');
    const startable = await create('startable');
    const exited = await start('exited', ['sh', '-c', 'exit 3']);
    await waitUntil('it exits', async () => (await node.cri.containerStatus(exited)).state === 'EXITED');
    await node.restart({ cri: false });
    await pauseTask(node, paused);
    await halfCreatedTask(node, odd);

    const fates = new Map<string, Fate>();
    const alive = [...waiting, ...vanishing, ...steady, ...Object.values(counters).map(({ id }) => id), paused];
    for (const id of alive) {
      const started = await statusOf(node, id);
      const process = { pid: started.pid, startTicks: startTicksOf(started.pid) };
      fates.set(id, { is: 'alive', process, started, task: id === paused ? 'paused' : 'running' });
    }
    const untouched = async (id: string, state: string, task = 'none'): Promise<void> => {
      fates.set(id, { is: 'untouched', bytes: await readCheckpoint(node, id), task, state });
    };
    await untouched(odd, 'UNKNOWN', 'created');
    await untouched(created, 'CREATED');
    await untouched(startable, 'CREATED');
    await untouched(exited, 'EXITED');
    return {
      node,
      fates,
      waiting: waiting.map((id, each) => ({ id, code: 1 + each })),
      vanishing,
      steady,
      startable,
      counters,
      pods,
      emptyPods,
      endedPods: new Set(),
      orphans: [],
      damage: new Map(),
      cutShort: [],
    };
  } catch (error) {
    await node.dispose();
    throw error;
  }
};

/** What is stored of a container; fails where the checkpoint is not whole. */
export const statusOf = async (node: TestNode, id: string): Promise<ContainerStatus> => {
  const decoded = decodeCheckpoint(await readCheckpoint(node, id));
  return E.isRight(decoded) ? decoded.right.status : expect.fail(`the checkpoint of ${id}: ${decoded.left.message}`);
};

/** The field of `/proc/<pid>/stat` that says when the process started, in ticks since the boot. */
export const startTicksOf = (pid: number): string => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
};
