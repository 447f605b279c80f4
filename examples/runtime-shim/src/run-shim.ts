/** The shim over any ports: recovers the node, then answers over a unix socket what is known of it by then. */
import { once } from 'node:events';
import { existsSync, lstatSync, mkdirSync, unlinkSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { dirname } from 'node:path';
import {
  createWatcher,
  encodeChange,
  policies,
  RecoveryError,
  reportChange,
  reportPlan,
  type Stores,
  storesOf,
} from 'cri-recovery';
import type { Ports } from 'cri-recovery/ports';
import { answerTo } from './answer-to.js';

export interface ShimOptions {
  readonly ports: Ports;
  /** The path of the unix socket. */
  readonly socket: string;
  /** Ends the shim. */
  readonly signal: AbortSignal;
  /** Gets the recovery, once the shim answers, and every change after it: lines of JSON, `cri-recovery/change@1`. */
  readonly tell: (line: string) => void;
}

/** Runs until the signal fires. Rejects with a `RecoveryError` where the node cannot be recovered, or no longer be watched. */
export const runShim = async ({ ports, socket, signal, tell }: ShimOptions): Promise<void> => {
  const startedAt = performance.now();
  const watch = await createWatcher(ports, { policy: policies.careful }).watch({ signal });
  // What has been followed since the recovery is in `current()`, so the stores are made anew for each request.
  const server = createServer(respondFrom(() => storesOf(watch.current())));
  try {
    makeRoomFor(socket);
    server.listen(socket);
    await once(server, 'listening');
    const report = reportPlan(watch.recovered, performance.now() - startedAt);
    tell(encodeChange({ change: 'recovered', at: ports.clock.now(), report }));
    for await (const change of watch.changes) {
      tell(encodeChange(reportChange(change, ports.clock.now())));
      if (change._tag === 'Ended') throw new RecoveryError(change.failure);
    }
  } finally {
    server.close();
    server.closeAllConnections();
    await watch.stop();
  }
};

const respondFrom =
  (stores: () => Stores): RequestListener =>
  ({ method, url = '' }, response) => {
    if (method !== 'GET') {
      response.writeHead(405, { allow: 'GET' }).end();
      return;
    }
    const { status, body } = answerTo(stores(), url);
    response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body, asInReport)}\n`);
  };

/** As in the library's report: int64 values as decimal strings, what could not be told as null. */
const asInReport = (_: string, value: unknown): unknown =>
  typeof value === 'bigint' ? value.toString() : (value ?? null);

/** Whoever comes here has the node's lock, so a socket that is in the way is that of a shim that was killed. */
const makeRoomFor = (socket: string): void => {
  mkdirSync(dirname(socket), { recursive: true, mode: 0o700 });
  if (existsSync(socket) && lstatSync(socket).isSocket()) unlinkSync(socket);
};
