/**
 * The `Version` that containerd puts into everything it stores; read before all else, since another version may hold other types.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Json } from '../core/json.js';
import { describeErrors, shortened } from './decode-error.js';
import { goString, goStruct } from './go-struct.js';

/** The one version there is, of checkpoints and metadata alike, from containerd 1.0 to 2.x. */
export const knownVersion = 'v1';

/** The version of a stored object, empty where there is none; on the left what is no such object. */
export const readVersion = (json: Json): E.Either<string, string> =>
  pipe(
    versioned.decode(json),
    E.bimap(describeErrors, ({ fields }) => fields.Version),
  );

/** What to say of an object whose version is not the known one. */
export const describeUnknownVersion = (version: string): string =>
  version === ''
    ? 'the version is missing'
    : `version ${JSON.stringify(shortened(version))} is not known here, only ${knownVersion} is`;

const versioned = goStruct<{ Version: string }>('an object', { Version: goString });
