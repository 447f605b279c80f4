/**
 * Where a checkpoint is written before it is put in its place: in the directory above its container's, so that one look finds what killed
 * writes left. containerd passes over files there.
 */

const [before, after] = ['.cri-recovery.', '.status'];

/** The name in the base directory, beside the containers' own. */
export const temporaryOf = (id: string): string => `${before}${id}${after}`;

/** The container that such a file would belong to; undefined for any other name. */
export const containerOf = (name: string): string | undefined =>
  name.startsWith(before) && name.endsWith(after) && name.length > before.length + after.length
    ? name.slice(before.length, -after.length)
    : undefined;
