/** Everything odd that a plan has found, one value for each, and what is another from one plan to the next. */
import type { Plan } from 'cri-recovery';

export interface Oddity {
  readonly kind: 'sandbox' | 'container' | 'image' | 'directory';
  readonly id: string;
  /** The CRI name; of images, directories and what could not be loaded there is none beside the id. */
  readonly name?: string;
  /** A finding's code, or why an item could not be loaded: docs/findings.md and docs/report.md of cri-recovery. */
  readonly code: string;
  readonly message: string;
}

/** Oddities by item and code, which stay the same while the message may tell of a new time or pid. */
export type Oddities = ReadonlyMap<string, Oddity>;

export const odditiesOf = ({ sandboxes, containers, images, failures }: Plan): Oddities => {
  const all: Oddity[] = [
    ...sandboxes.flatMap(({ record: { id, name }, findings }) =>
      findings.map((odd) => ({ kind: 'sandbox', id, name, ...odd }) as const),
    ),
    ...containers.flatMap(({ record: { id, name }, findings }) =>
      findings.map((odd) => ({ kind: 'container', id, name, ...odd }) as const),
    ),
    ...images.flatMap(({ record: { name: id }, findings }) =>
      findings.map((odd) => ({ kind: 'image', id, ...odd }) as const),
    ),
    ...failures.map(({ kind, id, tag, message }) => ({ kind, id, code: tag, message })),
  ];
  return new Map(all.map((odd) => [JSON.stringify([odd.kind, odd.id, odd.code]), odd]));
};

/** What is in the one and not in the other. */
export const without = (some: Oddities, others: Oddities): ReadonlyArray<Oddity> =>
  [...some].flatMap(([key, odd]) => (others.has(key) ? [] : [odd]));
