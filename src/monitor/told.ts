/** What has been told of items that nobody follows, or not yet: who is followed later has its exit made up for. */
import type { Exit } from '../ports/index.js';

/** What has been told of an item and is not dealt with yet. */
export interface Told {
  readonly exit: Exit | undefined;
  readonly outOfMemory: boolean;
}

export interface Memory {
  readonly remember: (id: string, told: Partial<Told>) => void;
  readonly recall: (id: string) => Told | undefined;
  readonly forget: (id: string) => void;
}

/** Whoever is followed so much later is asked for its task anyway, within a minute. */
const longest = 10_000;

/** A memory of the last so many items. */
export const openMemory = (): Memory => {
  const memory = new Map<string, Told>();
  return {
    remember: (id, told) => {
      const before = memory.get(id) ?? { exit: undefined, outOfMemory: false };
      memory.delete(id);
      memory.set(id, { ...before, ...told });
      const [oldest] = memory.keys();
      if (memory.size > longest && oldest !== undefined) memory.delete(oldest);
    },
    recall: (id) => memory.get(id),
    forget: (id) => memory.delete(id),
  };
};
