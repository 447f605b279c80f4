/** The pod network of one node: a bridge and a subnet that no other node on the machine has. */
import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from './command.js';

export interface Network {
  readonly name: string;
  readonly bridge: string;
  readonly subnet: string;
}

// Where libcni keeps the results of its calls; the place is not configurable.
const results = '/var/lib/cni/results';

/** A network whose bridge does not exist yet. The plugin makes the bridge with the first pod. */
export const unusedNetwork = (): Network => {
  for (;;) {
    const number = randomInt(0x1000);
    const bridge = `crirec${number.toString(16).padStart(3, '0')}`;
    const subnet = `10.${224 + (number >> 8)}.${number & 0xff}.0/24`;
    if (!existsSync(`/sys/class/net/${bridge}`)) return { name: `cri-recovery-${bridge}`, bridge, subnet };
  }
};

/** Removes the bridge and the results that libcni has kept for pods whose namespaces lie below the folder. */
export const removeNetwork = async (network: Network, directory: string): Promise<void> => {
  if (existsSync(`/sys/class/net/${network.bridge}`)) await command('ip', ['link', 'delete', network.bridge]);
  if (!existsSync(results)) return;
  for (const name of await readdir(results)) {
    const path = join(results, name);
    const text = await readFile(path, 'utf8').catch(() => '');
    if (text.includes(`${directory}/`)) await rm(path, { force: true });
  }
};
