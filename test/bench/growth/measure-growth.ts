/** What a recovery costs for each item as nodes grow: over ports that cost nothing themselves, and over a socket and a disk. */
import type { Part } from '../measure/part.js';
import { measureFakePorts } from './fake-ports.js';
import { measureSocket } from './socket.js';

export const measureGrowth: Part = async ({ signal }) => [
  ...(await measureFakePorts(signal)),
  ...(await measureSocket(signal)),
];
