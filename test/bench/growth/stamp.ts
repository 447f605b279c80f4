/** Many messages that differ in an id only, made from one that is encoded. */

/** Gives the message with another id of the same length in every place of this one. */
export const stamp = (message: Uint8Array, id: string): ((other: string) => Uint8Array) => {
  const template = Buffer.from(message);
  const places: number[] = [];
  for (let at = template.indexOf(id); at >= 0; at = template.indexOf(id, at + 1)) places.push(at);
  return (other) => {
    if (other.length !== id.length) throw new Error(`${other} is not as long as ${id}`);
    const copy = Buffer.from(template);
    for (const place of places) copy.write(other, place, 'latin1');
    return copy;
  };
};
