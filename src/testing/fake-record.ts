/** Making what the records of sandboxes and containers share. */
import * as E from 'fp-ts/lib/Either.js';
import { type Id, parseId } from '../core/identity.js';
import type { JsonObject } from '../core/json.js';
import type { RecordFields } from '../core/metadata.js';
import { fakeTime } from './fake-time.js';

/** An id for a test; throws where the text is none, as the test is wrong then. */
export const fakeId = (text: string): Id => {
  const id = parseId(text);
  if (E.isLeft(id)) throw new Error(id.left);
  return id.right;
};

/** A JSON object without fields. */
export const emptyJson: JsonObject = Object.freeze(Object.create(null));

/** What sandboxes and containers have in common; everything but the id is filled in. */
export interface RecordOptions {
  readonly id: string;
  /** The CRI name. */
  readonly name?: string;
  /** Nanoseconds since 1970; `fakeTime` unless given. */
  readonly createdAt?: bigint;
  readonly attempt?: number;
  readonly labels?: Readonly<Record<string, string>>;
  /** The CRI config that is stored with it; empty unless given. */
  readonly config?: JsonObject;
}

/** The shared fields of a record. */
export const fakeRecord = (
  kind: 'sandbox' | 'container',
  given: RecordOptions & { readonly name: string },
): RecordFields => ({
  id: fakeId(given.id),
  name: given.name,
  createdAt: given.createdAt ?? fakeTime,
  attempt: given.attempt ?? 0,
  labels: { 'io.cri-containerd.kind': kind, ...given.labels },
  snapshotter: 'overlayfs',
  snapshotKey: given.id,
  runtime: 'io.containerd.runc.v2',
});
