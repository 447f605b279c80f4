/**
 * A containerd that comes back with its CRI plugin, held in between: it has found its shims, and the plugin has not looked at anything yet. What
 * happens to processes and shims now is what recovery will see, in every release.
 */
import { constants } from 'node:fs';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from '../harness/command.js';
import { type TestNode, waitUntil } from '../harness/index.js';

/** When something happened, in nanoseconds since 1970, from and to. */
export interface Window {
  readonly from: bigint;
  readonly to: bigint;
}

const nowNs = (): bigint => BigInt(Date.now()) * 1_000_000n;

/** When the work was done; the end is rounded up to the millisecond that the clock counts. */
export const during = async (work: () => Promise<void>): Promise<Window> => {
  const from = nowNs();
  await work();
  return { from, to: nowNs() + 1_000_000n };
};

/** A recovery by the plugin. */
export interface HeldStart {
  /** How long containerd was held. */
  readonly held: Window;
  /** From then on until the plugin was ready. */
  readonly recovery: Window;
  /** Lets the shims tell what has happened since. */
  readonly deliver: () => Promise<void>;
}

/**
 * Starts containerd with its plugin, does `meanwhile` while it is held, and resolves when the plugin has recovered. What shims have to tell is lost
 * until `deliver` is called: a recovery is compared by what it has found, not by what came after it.
 */
export const startHeld = async (node: TestNode, meanwhile: () => Promise<void>): Promise<HeldStart> => {
  // The plugin reads its network configuration when it is loaded, after the runtime, and a FIFO makes it wait.
  const gate = join(node.cni, '00-gate.conflist');
  const events = `${node.socket}.ttrpc`;
  await command('mkfifo', [gate]);
  const starting = node.start({ cri: true });
  // Waited for below, whatever comes in between.
  starting.catch(() => undefined);
  const writer = await waitUntil('the plugin is loaded', () => open(gate, constants.O_WRONLY | constants.O_NONBLOCK));
  const held = await during(meanwhile);
  const recovery = await during(async () => {
    await rm(gate);
    await writer.writeFile(await readFile(join(node.cni, '10-bridge.conflist')));
    await writer.close();
    await waitUntil('containerd takes events', () => rename(events, `${events}.held`).then(() => true));
    await starting;
  });
  return { held, recovery, deliver: () => rename(`${events}.held`, events) };
};
