/**
 * What containerd's CRI plugin fills when it recovers, as immutable values made from a plan: the sandbox and container stores with their
 * name index, and the image store (containerd `internal/cri/store`).
 */
import type { ContainerDecision } from './container-decision.js';
import type { ImageDecision, ImageState } from './decide-image.js';
import type { SandboxDecision } from './decide-sandbox.js';
import type { Finding } from './finding.js';
import type { Plan } from './plan.js';
import { makeStore, type Store } from './store.js';

/** One image under all its references, as CRI lists it. */
export interface StoredImage {
  /** The digest of its config. */
  readonly id: string;
  /** The names that lead to it, sorted. */
  readonly references: ReadonlyArray<string>;
  readonly chainId: string;
  /** Bytes of all blobs. */
  readonly size: number;
  /** Labelled `io.cri-containerd.pinned`: not to be removed to make room. */
  readonly pinned: boolean;
  readonly state: ImageState;
}

/** What the CRI plugin would hold after a recovery. */
export interface Stores {
  readonly sandboxes: Store<SandboxDecision>;
  readonly containers: Store<ContainerDecision>;
  /** Named by reference. */
  readonly images: Store<StoredImage>;
}

/** The stores of a plan, performed or not: what failed is in none of them. */
export const storesOf = (plan: Plan): Stores => {
  const images = storedImages(plan.images);
  return {
    sandboxes: recordStore(plan.sandboxes),
    containers: recordStore(plan.containers),
    images: makeStore(
      images.map((image) => [image.id, image]),
      images.flatMap((image) => image.references.map((reference) => [reference, image])),
    ),
  };
};

interface Recorded {
  readonly record: { readonly id: string; readonly name: string };
  readonly findings: ReadonlyArray<Finding>;
}

/** A shadowed item is in the store and holds no name. */
const recordStore = <A extends Recorded>(items: ReadonlyArray<A>): Store<A> => {
  const holders = items.filter(({ findings }) => !findings.some(({ code }) => code === 'name-shadowed'));
  return makeStore(
    items.map((item) => [item.record.id, item]),
    holders.map((item) => [item.record.name, item]),
  );
};

const storedImages = (decisions: ReadonlyArray<ImageDecision>): ReadonlyArray<StoredImage> => {
  const byId = new Map<string, ReadonlyArray<ImageDecision>>();
  for (const decision of decisions) byId.set(decision.content.id, [...(byId.get(decision.content.id) ?? []), decision]);
  return [...byId.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const { id, chainId, size } = first.content;
    const pinned = same.some(({ record }) => record.labels['io.cri-containerd.pinned'] === 'pinned');
    return [
      { id, references: same.map(({ record }) => record.name).sort(), chainId, size, pinned, state: first.state },
    ];
  });
};
