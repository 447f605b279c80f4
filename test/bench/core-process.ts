/** The program that is measured: decides the observation of a make-believe node over and over. */
import * as E from 'fp-ts/lib/Either.js';
import { observe } from '../../src/index.js';
import { decideAndSettle } from './core/decide-and-settle.js';
import { leanPorts } from './growth/lean-ports.js';
import { givenInput, tellResult } from './measure/child.js';

const observation = await observe()(leanPorts(givenInput<number>()))();
if (E.isLeft(observation)) throw new Error(observation.left._tag);
tellResult(decideAndSettle(observation.right, 5, 500));
