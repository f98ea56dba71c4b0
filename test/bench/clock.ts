/**
 * Milliseconds on the monotonic clock that all processes of the machine share, so that a request's arrival in one
 * process can be compared with its sending in another.
 */
export function nowMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1_000 + nanoseconds / 1_000_000;
}
