/** The agent's process: the real node, SIGTERM and SIGINT, lines of JSON on standard output, and an exit code. */
import { createPlanner, describePortError, type Plan, policies } from 'cri-recovery';
import { containerdPorts } from 'cri-recovery/containerd';
import { openDisk } from 'cri-recovery/disk';
import { silentLog, systemClock } from 'cri-recovery/ports';
import { readSettings } from './read-settings.js';
import { runAgent } from './run-agent.js';

const stopping = new AbortController();
// Once each: a second signal ends the process at once.
process.once('SIGTERM', () => stopping.abort());
process.once('SIGINT', () => stopping.abort());
// Nobody reads any more what it says, as when it is piped into `head`.
process.stdout.on('error', () => stopping.abort());

const log = (event: string, fields: object): void => {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), event, ...fields })}\n`);
};

try {
  const { address, location, ...settings } = readSettings(process.env);
  const containerd = containerdPorts({ address, namespace: location.namespace });
  // Opened for each look: an agent may be there before containerd has made its directories.
  const plan = async (call: { readonly signal?: AbortSignal } = {}): Promise<Plan> => {
    const disk = await openDisk(location)();
    if (disk._tag === 'Left') throw new Error(describePortError(disk.left));
    const ports = { location, ...containerd, ...disk.right, clock: systemClock, log: silentLog };
    return createPlanner(ports, { policy: policies.careful }).plan(call);
  };
  try {
    await runAgent({ planner: { plan }, ...settings, signal: stopping.signal, log });
  } finally {
    containerd.close();
  }
} catch (thrown) {
  console.error(`node-agent: ${thrown instanceof Error ? thrown.message : thrown}`);
  process.exitCode = 1;
}
