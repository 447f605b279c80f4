/** containerd's tasks: the processes of sandboxes and containers. */
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, createClient, type Transport } from '@connectrpc/connect';
import { Containers } from '../proto/gen/containers_pb.js';
import { Snapshots } from '../proto/gen/snapshots_pb.js';
import { type Process, Tasks } from '../proto/gen/tasks_pb.js';

export type TaskStatus = 'unknown' | 'created' | 'running' | 'stopped' | 'paused' | 'pausing';

export interface Exit {
  readonly exitStatus: number;
  /** Nanoseconds since 1970; negative where containerd knows no time. */
  readonly exitedAt: bigint;
}

export interface Task extends Exit {
  readonly id: string;
  readonly pid: number;
  readonly status: TaskStatus;
  readonly stdin: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly terminal: boolean;
}

/** Paths of FIFOs; without them the task's streams go nowhere. */
export interface TaskStreams {
  readonly stdin?: string;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly terminal?: boolean;
}

const statuses: ReadonlyArray<TaskStatus> = ['unknown', 'created', 'running', 'stopped', 'paused', 'pausing'];

const nanoseconds = (time: Timestamp | undefined): bigint =>
  time === undefined ? 0n : time.seconds * 1_000_000_000n + BigInt(time.nanos);

const exitOf = (answer: { readonly exitStatus: number; readonly exitedAt?: Timestamp | undefined }): Exit => ({
  exitStatus: answer.exitStatus,
  exitedAt: nanoseconds(answer.exitedAt),
});

const taskOf = (process: Process): Task => {
  const { id, pid, stdin, stdout, stderr, terminal } = process;
  return {
    id,
    pid,
    status: statuses[process.status] ?? 'unknown',
    stdin,
    stdout,
    stderr,
    terminal,
    ...exitOf(process),
  };
};

/** The process of an OCI runtime configuration, as containerd names its type. */
const processType = 'types.containerd.io/opencontainers/runtime-spec/1/Process';

export type TaskApi = ReturnType<typeof taskApi>;

export const taskApi = (transport: Transport) => {
  const tasks = createClient(Tasks, transport);
  const containers = createClient(Containers, transport);
  const snapshots = createClient(Snapshots, transport);

  return {
    list: async (): Promise<ReadonlyArray<Task>> => (await tasks.list({})).tasks.map(taskOf),
    /** Undefined when there is no such task. */
    get: async (containerId: string): Promise<Task | undefined> => {
      try {
        const { process } = await tasks.get({ containerId });
        return process && taskOf(process);
      } catch (error) {
        if (ConnectError.from(error).code === Code.NotFound) return undefined;
        throw error;
      }
    },
    /** Makes the container's task without starting it, on the container's own snapshot. Resolves with its pid. */
    create: async (containerId: string, streams: TaskStreams = {}): Promise<number> => {
      const { container } = await containers.get({ id: containerId });
      const { mounts } = await snapshots.mounts({
        snapshotter: container?.snapshotter ?? '',
        key: container?.snapshotKey ?? '',
      });
      return (await tasks.create({ containerId, rootfs: mounts, ...streams })).pid;
    },
    start: async (containerId: string): Promise<number> => (await tasks.start({ containerId })).pid,
    pause: async (containerId: string): Promise<void> => {
      await tasks.pause({ containerId });
    },
    resume: async (containerId: string): Promise<void> => {
      await tasks.resume({ containerId });
    },
    /** Sends the signal to the first process, or with `all` to every process of the container. */
    kill: async (containerId: string, signal: number, all = false): Promise<void> => {
      await tasks.kill({ containerId, signal, all });
    },
    delete: async (containerId: string): Promise<Exit> => exitOf(await tasks.delete({ containerId })),
    /** Runs a second process in the container. Resolves once it has ended, and leaves nothing of it with the shim. */
    exec: async (containerId: string, execId: string, args: ReadonlyArray<string>): Promise<Exit & { pid: number }> => {
      const process = { args, cwd: '/', env: ['PATH=/bin'], user: { uid: 0, gid: 0 } };
      const spec = { typeUrl: processType, value: Buffer.from(JSON.stringify(process)) };
      await tasks.exec({ containerId, execId, spec });
      const { pid } = await tasks.start({ containerId, execId });
      const exit = exitOf(await tasks.wait({ containerId, execId }));
      await tasks.deleteProcess({ containerId, execId });
      return { pid, ...exit };
    },
    /** Resolves when the process has ended; there is no deadline unless one is given. */
    wait: async (containerId: string, timeoutMs = 0): Promise<Exit> =>
      exitOf(await tasks.wait({ containerId }, { timeoutMs })),
  };
};
