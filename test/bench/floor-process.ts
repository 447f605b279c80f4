/** The floor: the calls and file reads of a recovery, made by the same gRPC client, with nothing made of what comes. */

import { givenInput, tellResult } from './measure/child.js';
import type { Place } from './measure/place.js';

const input = givenInput<Place>();
const began = performance.now();
const { readNode } = await import('./floor/read-node.js');
const importMs = performance.now() - began;
tellResult({ ...(await readNode(input)), importMs });
