/** The integers of Go's types, their ends often. */
import fc from 'fast-check';

export const arbitraryInt64: fc.Arbitrary<bigint> = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.constantFrom(0n, 1_700_000_000_000_000_001n, -(2n ** 63n), 2n ** 63n - 1n),
);
export const arbitraryInt32: fc.Arbitrary<number> = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
export const arbitraryUint32: fc.Arbitrary<number> = fc.integer({ min: 0, max: 2 ** 32 - 1 });
