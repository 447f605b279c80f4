/** One containerd process: started, watched until it answers, and killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { type Client, ConnectError, createClient, type Transport } from '@connectrpc/connect';
import { RuntimeService } from '../proto/gen/cri_pb.js';
import { Version } from '../proto/gen/version_pb.js';
import { type Release, searchPath } from './releases.js';
import { waitUntil } from './wait-until.js';

export interface Daemon {
  readonly pid: number;
  /** Ends containerd at once, as a crash would. Its shims and their workloads live on. */
  readonly kill: () => Promise<void>;
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

const isReady = async (runtime: Client<typeof RuntimeService>): Promise<boolean> => {
  const { status } = await runtime.status({}, { timeoutMs: 2_000 });
  return status?.conditions.every((condition) => condition.status) ?? false;
};

const answers = async (transport: Transport, cri: boolean): Promise<boolean> => {
  await createClient(Version, transport).version({}, { timeoutMs: 2_000 });
  return cri ? isReady(createClient(RuntimeService, transport)) : true;
};

/** Starts containerd and returns when its API answers, and with the CRI plugin when runtime and network are ready. */
export const startDaemon = async (
  release: Release,
  config: { readonly file: string; readonly log: string; readonly socket: string; readonly cri: boolean },
  transport: Transport,
): Promise<Daemon> => {
  const log = openSync(config.log, 'a');
  const child = spawn(`${release.bin}/containerd`, ['--config', config.file], {
    stdio: ['ignore', log, log],
    env: { PATH: searchPath(release) },
  });
  closeSync(log);
  await once(child, 'spawn');
  const kill = async (): Promise<void> => {
    if (hasEnded(child)) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  };
  try {
    await waitUntil(
      `containerd ${release.name} answers`,
      async () => {
        if (hasEnded(child)) return 'ended';
        return existsSync(config.socket) && (await answers(transport, config.cri));
      },
      // A recovering plugin waits 14 s for a hung shim.
      60_000,
    );
    if (hasEnded(child)) throw new Error(`containerd ${release.name} ended at once`);
  } catch (error) {
    await kill();
    const tail = readFileSync(config.log, 'utf8').split('\n').slice(-20).join('\n');
    const cause = error instanceof ConnectError ? error.rawMessage : String(error);
    throw new Error(`containerd ${release.name} did not start: ${cause}\n${tail}`, { cause: error });
  }
  return { pid: child.pid ?? 0, kill };
};
