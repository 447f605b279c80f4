/** Times on containerd's wire. */
import type { Timestamp } from '@bufbuild/protobuf/wkt';

/**
 * Nanoseconds since 1970, with what does not fit into an int64 wrapped around as Go's `Time.UnixNano` does: such a time goes into files that
 * containerd reads. 0 where there is none.
 */
export const toNanoseconds = (time: Timestamp | undefined): bigint =>
  time === undefined ? 0n : BigInt.asIntN(64, time.seconds * 1_000_000_000n + BigInt(time.nanos));
