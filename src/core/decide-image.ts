/**
 * The decision for images (containerd `CheckImages` and `UpdateImage`): which count, and which are not yet known to CRI as its own.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { AdoptImage, Outcome, Performed } from './action.js';
import type { ItemFailure } from './failure.js';
import { type Finding, finding } from './finding.js';
import type { ImageContent, ImageRecord, ObservedImage } from './observation.js';
import type { Policy } from './policy.js';
import { settlePlainly } from './settle-plainly.js';

/** Whether all of an image is there; `incomplete` lacks blobs, `not-unpacked` the snapshot. */
export type ImageState = 'ready' | 'incomplete' | 'not-unpacked';

/** What an image is taken to be, and what is still to be done about it. */
export interface ImageDecision {
  readonly record: ImageRecord;
  readonly content: ImageContent;
  readonly state: ImageState;
  readonly steps: ReadonlyArray<AdoptImage>;
  readonly findings: ReadonlyArray<Finding>;
  /** What has been done so far; empty in a plan. */
  readonly performed: ReadonlyArray<Performed<AdoptImage>>;
}

const managedLabel = 'io.cri-containerd.image';

/** Decides one image; on the left one whose manifest or config cannot be read, which containerd skips as well. */
export const decideImage =
  (policy: Policy) =>
  ({ record, content }: ObservedImage): E.Either<ItemFailure, ImageDecision> => {
    if (E.isLeft(content)) {
      return E.left({
        kind: 'image',
        id: record.name,
        tag: 'ImageUnreadable',
        message: `its manifest or config cannot be read: ${content.left.message}`,
      });
    }
    const isManaged = record.labels[managedLabel] === 'managed';
    const adopt: AdoptImage = { _tag: 'AdoptImage', image: record, id: content.right.id };
    return E.right({
      record,
      content: content.right,
      state: policy.imageCheck === 'manifest' ? 'ready' : stateOf(content.right),
      steps: isManaged ? [] : [adopt],
      findings: findingsOf(content.right),
      performed: [],
    });
  };

const stateOf = ({ missing, unpacked }: ImageContent): ImageState => {
  if (missing.length > 0) return 'incomplete';
  return unpacked ? 'ready' : 'not-unpacked';
};

const findingsOf = ({ missing, unpacked }: ImageContent): ReadonlyArray<Finding> => {
  const incomplete = finding('image-incomplete', `${missing.length} of its blobs are missing: ${missing.join(', ')}`);
  const packed = finding('image-not-unpacked', 'the snapshotter has no snapshot of it');
  return [...(missing.length > 0 ? [incomplete] : []), ...(unpacked ? [] : [packed])];
};

/** Settles the first step of a decision: an image that could not be adopted is what it was. */
export const settleImage: (decision: ImageDecision, outcome: Outcome) => ImageDecision = settlePlainly;
