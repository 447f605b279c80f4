/** The time in which fake nodes live: fixed, so that what is made of it is the same on every run. */

/** One second in nanoseconds. */
export const second = 1_000_000_000n;

/** 2024-05-01T08:00:00Z and 123456789 ns, when fakes are made unless said otherwise; the odd end is lost by whoever counts in floats. */
export const fakeTime = 1_714_550_400n * second + 123_456_789n;
