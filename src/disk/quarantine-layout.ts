/**
 * How the quarantine lies on disk: `<area>/cri-recovery-quarantine/<entry>/` with `manifest.json` and, beside it, what was moved there as
 * `content`. The manifest is there first and goes last; an entry without content is what a killed run left, and stands for nothing.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { describeErrors } from '../codec/decode-error.js';
import { decodeJson, prettyJson } from '../codec/json.js';
import { text } from '../codec/scalar.js';
import { decimal, list, oneOf, struct } from '../codec/shape.js';
import type { Base } from '../core/observation.js';
import { isEntryName } from '../ports/index.js';

export const shelterName = 'cri-recovery-quarantine';
export const contentName = 'content';
export const manifestName = 'manifest.json';
export const temporaryManifestName = '.manifest.json.cri-recovery';

/** What was moved, when and why, and from where. */
export interface Manifest extends Base {
  /** The name it had in its base directory: the id of a sandbox or container. */
  readonly id: string;
  /** Its path then, for people: what it is restored to is told by area, kind and id. */
  readonly from: string;
  /** Nanoseconds since 1970. */
  readonly movedAt: bigint;
  readonly why: string;
  /** Mount points that were unmounted before; their content is not in the quarantine. */
  readonly unmounted: ReadonlyArray<string>;
}

const stored = struct<Manifest & { readonly schema: 'cri-recovery/quarantine@1' }>('a quarantine manifest', {
  schema: oneOf('cri-recovery/quarantine@1'),
  id: text,
  kind: oneOf('sandbox', 'container'),
  area: oneOf('root', 'state'),
  from: text,
  movedAt: decimal,
  why: text,
  unmounted: list(text),
});

export const encodeManifest = (manifest: Manifest): string =>
  prettyJson(stored.encode({ schema: 'cri-recovery/quarantine@1', ...manifest }));

/** Reads a manifest; on the left why it is none, which it is not either when its id could not have been an entry. */
export const decodeManifest = (bytes: Uint8Array): E.Either<string, Manifest> =>
  pipe(
    decodeJson(bytes),
    E.chain((json) => pipe(stored.decode(json), E.mapLeft(describeErrors))),
    E.chain(({ schema, ...manifest }) =>
      isEntryName(manifest.id) ? E.right(manifest) : E.left(`${JSON.stringify(manifest.id)} is no id`),
    ),
  );

const longestNamePart = 100;

/** A name for an entry, as in `20240501T080000123Z-root-container-nginx`; the manifest has the id as it was, however long or odd. */
export const entryNameOf = ({ area, kind }: Base, id: string, movedAt: bigint): string => {
  const stamp = new Date(Number(movedAt / 1_000_000n)).toISOString().replace(/[-:.]/g, '');
  return `${stamp}-${area}-${kind}-${id.replace(/[^\w.-]/g, '_').slice(0, longestNamePart)}`;
};

/** True for what a run that was killed leaves: nothing of an orphan, no name that is not ours. */
export const isLeftover = (names: ReadonlyArray<string>): boolean =>
  names.every((name) => name === manifestName || name === temporaryManifestName || name === discardedName);

/** What `content` is called as soon as it is being deleted, so that half of it is never restored. */
export const discardedName = 'discarded';
