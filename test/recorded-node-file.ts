/** Where the recording is that the examples and `npm start` are about. */
import { fileURLToPath } from 'node:url';

export const recordedNodeFile = fileURLToPath(new URL('../examples/recorded-node.json', import.meta.url));
