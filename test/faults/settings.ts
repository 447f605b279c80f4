/**
 * How long the harness works. Short unless told otherwise by the environment: `FAULT_MINUTES` with new nodes all the time, `FAULT_NODES` at a
 * time, from `FAULT_SEED` on.
 */

const read = (name: string, otherwise: number): number => {
  const text = process.env[name] ?? String(otherwise);
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < 0)
    throw new Error(`${name} is no whole number: ${text}`);
  return value;
};

export const seed = read('FAULT_SEED', 5);
export const minutes = read('FAULT_MINUTES', 0);
export const nodesAtATime = read('FAULT_NODES', minutes > 0 ? 20 : 4);
export const isLong = minutes > 0;
