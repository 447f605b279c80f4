/** How long to wait before trying again. */

/**
 * Milliseconds before the next attempt after so many failed ones in a row: a second, doubled, at most five minutes (containerd `backOff`,
 * `internal/cri/server/events`).
 */
export const backOffMs = (failed: number): number => Math.min(1_000 * 2 ** Math.min(failed - 1, 16), 300_000);

/** Milliseconds before the next subscription: containerd is back within a second or so when it restarts, and must not be waited for in step. */
export const reconnectMs = (failed: number): number => Math.min(50 * 2 ** Math.min(failed - 1, 16), 2_000);
