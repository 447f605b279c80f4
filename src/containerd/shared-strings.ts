/** One copy of each string, however often it comes: the records of a node repeat their own ids, their pods, images, labels and runtimes. */

/** Gives objects back with their strings shared among all that it was given so far. */
export const shareStrings = (): (<A extends object>(fields: A) => A) => {
  const known = new Map<string, string>();
  const share = (text: string): string => {
    const first = known.get(text);
    if (first === undefined) known.set(text, text);
    return first ?? text;
  };
  return <A extends object>(fields: A): A =>
    Object.fromEntries(
      Object.entries(fields).map(([key, value]) => [key, typeof value === 'string' ? share(value) : value]),
    ) as A;
};
