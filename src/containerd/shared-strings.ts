/** One copy of each string, however often it comes: the records of a node repeat their own ids, their pods, images, labels and runtimes. */

/** Gives back a string that is shared with all that are the same. */
export type Share = (text: string) => string;

export const shareStrings = (): Share => {
  const known = new Map<string, string>();
  return (text) => {
    const first = known.get(text);
    if (first === undefined) known.set(text, text);
    return first ?? text;
  };
};

/** A copy of an object with its strings shared. */
export const sharing = <A extends object>(share: Share, fields: A): A => {
  const copy = { ...fields };
  for (const key in copy) {
    const value = copy[key];
    if (typeof value === 'string') copy[key] = share(value) as typeof value;
  }
  return copy;
};
