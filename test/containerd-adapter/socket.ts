/** Servers on unix sockets, in a folder of their own that goes with the test. */
import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A path that nothing is at yet. */
export const unusedPath = async (): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'cri-recovery-socket-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return join(directory, 'containerd.sock');
};

/** Has the server listen until the test is over. Resolves with the path of its socket. */
export const listen = async (server: Server): Promise<string> => {
  const path = await unusedPath();
  const sockets = new Set<{ readonly destroy: () => void }>();
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return path;
};
