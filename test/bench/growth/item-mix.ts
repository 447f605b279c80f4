/**
 * A node of any size, of which everything follows from an index: of ten containers seven run, two have exited and one was never started, and a pod
 * has ten. So whoever plays the node has nothing to remember.
 */

export type ContainerKind = 'running' | 'exited' | 'created';

const kinds: ReadonlyArray<ContainerKind> = [
  'running',
  'exited',
  'running',
  'running',
  'created',
  'running',
  'running',
  'exited',
  'running',
  'running',
];

export const kindOf = (index: number): ContainerKind => kinds[index % kinds.length] ?? 'running';

/** How many pods so many containers are in. */
export const podCount = (containers: number): number => Math.ceil(containers / 10);

export const podOf = (index: number): number => Math.floor(index / 10);

/** The names of items: a letter for the kind, and the index. */
export interface Ids {
  readonly container: (index: number) => string;
  readonly pod: (index: number) => string;
}

/** Ids of this many characters; containerd's have 64. */
export const idsOfLength = (length: number): Ids => {
  const idOf = (letter: string) => (index: number) => letter + `${index}`.padStart(length - 1, '0');
  return { container: idOf('c'), pod: idOf('f') };
};

/** Of either kind of id. */
export const indexOf = (id: string): number => Number(id.slice(1));

export const isPodId = (id: string): boolean => id.startsWith('f');
